"""Trains RisCLIP's locator, then locator and refiner together, on expressions of every kind."""

from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..data import SceneSet, to_tensor
from ..emojiref.phrase import phrase
from ..measures import box_iou, box_of_mask, mask_iou
from ..models.risclip import GRID, REFINED, RisClip
from ..text import encode
from .loop import Budget, autocast, load_weights, run

IMAGES = 12
LOCATOR_EXPRESSIONS, JOINT_EXPRESSIONS = 6, 4
LOCATOR_SHARE = 0.5  # of the time, before the refiner joins
KIND_WEIGHTS = {  # the hard ones more often
    "category": 1.0,
    "colour": 1.0,
    "size": 1.5,
    "position": 1.3,
    "relation": 1.8,
    "ordinal": 1.5,
    "negation": 1.0,
    "conjunction": 1.6,
}


def mask_loss(logits: Tensor, truth: Tensor, weight: float) -> Tensor:
    """Weighted cross-entropy plus Dice, over [n, cells]."""
    probability = logits.sigmoid()
    inner, both = (probability * truth).sum(1), probability.sum(1) + truth.sum(1)
    return weight * F.binary_cross_entropy_with_logits(logits, truth) + (1 - (2 * inner + 1) / (both + 1)).mean()


def locator_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """The mask's loss and, so that one place wins, cross-entropy over the cells."""
    share = truth / truth.sum(1, keepdim=True)
    return mask_loss(logits, truth, 10.0) - 0.5 * (logits.log_softmax(1) * share).sum(1).mean()


@torch.no_grad()
def evaluate(network: RisClip, scenes: SceneSet, count: int) -> dict[str, float]:
    """Whether the locator's best cell is in the box, box accuracy at 0.5, and mean mask IoU."""
    points: dict[str, list[bool]] = {}
    hits: dict[str, list[bool]] = {}
    overlaps: list[float] = []
    for scene in range(count):
        found = scenes.expressions[scene]
        with autocast():
            image = network.read_image(to_tensor(scenes.pictures([scene])))
            located, tokens = network.locate(image, encode([expression.text for expression in found]))
            refined = network.refine(image, located, tokens)
        masks = F.interpolate(refined, size=(224, 224), mode="bilinear")[:, 0].cpu().numpy() > 0
        for row, expression in enumerate(found):
            truth = scenes.box(scene, expression.index)
            cell = int(located[row].argmax())
            x, y = (cell % GRID + 0.5) * 16, (cell // GRID + 0.5) * 16
            points.setdefault(expression.kind, []).append(bool(truth[0] - 4 <= x <= truth[2] + 4 and truth[1] - 4 <= y <= truth[3] + 4))
            box = box_of_mask(masks[row])
            corners = (box[0], box[1], box[0] + box[2], box[1] + box[3]) if box else (0, 0, 0, 0)
            hits.setdefault(expression.kind, []).append(box_iou(corners, truth) >= 0.5)
            overlaps.append(mask_iou(masks[row], scenes.mask(scene, expression.index)))
    report = {"point": float(np.mean(sum(points.values(), []))), "accuracy": float(np.mean(sum(hits.values(), [])))}
    report["mask_iou"] = float(np.mean(overlaps))
    for kind in KIND_WEIGHTS:
        report[f"point_{kind}"] = float(np.mean(points.get(kind, [0])))
        report[f"accuracy_{kind}"] = float(np.mean(hits.get(kind, [0])))
    return report


def train(scenes_folder: Path, runs: Path, budget: Budget) -> None:
    torch.manual_seed(0)
    random = Random(0)
    training, validation = SceneSet(scenes_folder, "train"), SceneSet(scenes_folder, "validation")
    rich = [scene for scene in range(len(training)) if len(training.expressions[scene]) >= 4]
    network = RisClip()
    load_weights(network.clip, runs / "clip.pt")
    network.to(memory_format=torch.channels_last)

    def step(progress: float):
        joint = progress >= LOCATOR_SHARE
        count = JOINT_EXPRESSIONS if joint else LOCATOR_EXPRESSIONS
        chosen = random.sample(rich, IMAGES)
        texts, truths = [], []
        for scene in chosen:
            weights = [KIND_WEIGHTS[found.kind] for found in training.expressions[scene]]
            for found in random.choices(training.expressions[scene], weights, k=count):
                texts.append(phrase(found.statement, random))
                truths.append(training.coverage(scene, found.index, REFINED if joint else GRID))
        truth = torch.as_tensor(np.stack(truths))
        with autocast():
            image = network.read_image(to_tensor(training.pictures(chosen)))
            located, tokens = network.locate(image, encode(texts))
            refined = network.refine(image, located, tokens) if joint else None
        coarse = F.adaptive_avg_pool2d(truth[:, None], GRID).flatten(1)
        loss = locator_loss(located, coarse)
        numbers = {"locator": loss.item(), "refiner": 0.0}
        if joint:
            refiner_loss = mask_loss(refined.flatten(1), truth.flatten(1), 5.0)
            loss = 0.5 * loss + 2 * refiner_loss
            numbers["refiner"] = refiner_loss.item()
        return loss, numbers

    watched = min(60, len(validation))
    run("risclip", runs, network, budget, 1.2e-3, 0.02, step, lambda: evaluate(network, validation, watched), random=random)
