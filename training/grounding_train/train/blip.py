"""Trains the matcher on minimal pairs, short sentences first.

There is no box and no mask in this loss; where the heat map lies is only a by-product of telling true from
false. The easy stage ends when every kind of easy pair is told apart, not by the clock.
"""

from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F

from ..data import SceneSet, to_tensor
from ..models.blip import GRID, LAYERS, Matcher
from ..models.clip import Clip
from ..text import encode
from .loop import Budget, autocast, load_weights, run
from .pairs import minimal_pair

IMAGES = 20
PAIRS = 6
HIDDEN_PATCHES = 0.15
MASTERED = 0.88  # share of pairs told apart
LATEST_EASY = 0.35  # of the time
POINTED_KINDS = ("category", "colour", "size", "position", "relation")


def pair_accuracy(network: Matcher, scenes: SceneSet, count: int) -> dict[str, float]:
    """Share of minimal pairs whose true sentence scores higher, by what was changed."""
    random = Random(1)
    right: dict[str, list[bool]] = {}
    with torch.no_grad(), autocast():
        for scene in range(count):
            easy = scene % 2 == 0
            pairs = [minimal_pair(scenes.objects[scene], scenes.expressions[scene], random, easy) for _ in range(8)]
            logits = network.text(network.image(to_tensor(scenes.pictures([scene]))), encode([text for *two, _ in pairs for text in two]))
            margin = (logits[:, 1] - logits[:, 0]).view(-1, 2)
            for (_, _, name), better in zip(pairs, (margin[:, 0] > margin[:, 1]).tolist()):
                right.setdefault(name if name.startswith(("place", "colour")) else name.split("_")[0], []).append(better)
    names = ("plain", "attribute", "binding", "place_category", "place_colour", "place_relation", "colour_category", "colour_position")
    return {f"pair_{name}": float(np.mean(right.get(name, [0]))) for name in names}


def pointing(network: Matcher, scenes: SceneSet, count: int) -> dict[str, float]:
    """Share of expressions whose hottest cell, on the mean of all layers' maps, lies in the object's box."""
    hits: dict[str, list[bool]] = {}
    for scene in range(count):
        found = [expression for expression in scenes.expressions[scene] if expression.kind in POINTED_KINDS]
        ids = encode([expression.text for expression in found])
        with torch.no_grad():
            image = network.image(to_tensor(scenes.pictures([scene])))
        _, heat, _ = network.text.explain(image, ids, (ids > 0).long(), tuple(range(LAYERS)))
        for expression, cell in zip(found, heat.flatten(1).argmax(1).tolist()):
            x0, y0, x1, y1 = scenes.box(scene, expression.index)
            x, y = (cell % GRID + 0.5) * 16, (cell // GRID + 0.5) * 16
            hits.setdefault(expression.kind, []).append(bool(x0 - 4 <= x <= x1 + 4 and y0 - 4 <= y <= y1 + 4))
    return {"point": float(np.mean(sum(hits.values(), [])))} | {f"point_{kind}": float(np.mean(hits[kind])) for kind in POINTED_KINDS}


def train(scenes_folder: Path, runs: Path, budget: Budget) -> None:
    torch.manual_seed(0)
    random = Random(0)
    training, validation = SceneSet(scenes_folder, "train"), SceneSet(scenes_folder, "validation")
    rich = [scene for scene in range(len(training)) if len(training.expressions[scene]) >= 3]
    network = Matcher()
    network.start_from(load_weights(Clip(), runs / "clip.pt"))
    network.to(memory_format=torch.channels_last)
    stage = {"easy": True}

    def step(progress: float):
        easy = stage["easy"] and progress < LATEST_EASY
        chosen = random.sample(rich, IMAGES)
        pairs = [minimal_pair(training.objects[s], training.expressions[s], random, easy) for s in chosen for _ in range(PAIRS)]
        ids = encode([text for *two, _ in pairs for text in two])
        keep = torch.rand(IMAGES, GRID * GRID) > HIDDEN_PATCHES
        with autocast():
            logits = network.text(network.image(to_tensor(training.pictures(chosen)), noise=0.05), ids, keep)
        truth = torch.tensor([1, 0]).repeat(len(pairs))
        margin = (logits[:, 1] - logits[:, 0]).view(-1, 2)
        loss = F.cross_entropy(logits, truth) + 0.7 * F.softplus(margin[:, 1] - margin[:, 0]).mean()
        return loss, {"right": (logits.argmax(1) == truth).float().mean().item(), "easy": float(easy)}

    def evaluate() -> dict[str, float]:
        pairs = pair_accuracy(network, validation, min(80, len(validation)))
        watched = ("pair_plain", "pair_place_category", "pair_place_colour", "pair_colour_category")
        if min(pairs[name] for name in watched) >= MASTERED:
            stage["easy"] = False
        return pairs | pointing(network, validation, min(50, len(validation)))

    run("blip", runs, network, budget, 1e-3, 0.05, step, evaluate, random=random, memory=stage)
