"""Trains CLIP on crops of objects and, so that its cells mean something, on masks in whole scenes.

Starts from the detector's stem. Both halves use the symmetric contrastive loss; a caption that is also
true of another object of the batch (by the scene graph) is no negative for it. In scenes, empty background
cells are further negatives.
"""

from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..data import SceneSet, category_of, colour_of, colours_shown, to_tensor
from ..emojiref.catalogue import CATEGORY_NAMES, COLOURS
from ..emojiref.phrase import phrase
from ..emojiref.statement import Statement
from ..models.clip import Clip
from ..text import encode
from .loop import Budget, autocast, run

CROPS = 96
SCENES = 10
BACKGROUND_CELLS = 64
GRID = 14
JITTER = 4  # stored pixels


class Captions:
    """Draws a caption of an object and knows of which other objects it is true."""

    def __init__(self, scenes: SceneSet):
        self._scenes = scenes
        self._random = Random(0)

    def seed(self, seed: int) -> None:
        """Once a step, from random numbers that the checkpoint knows: an interrupted training draws the same again."""
        self._random.seed(seed)

    def draw(self, place: tuple[int, int]) -> tuple[str, int, int]:
        """Text, category and colour (-1: none) that it names; two in five are whole expressions."""
        scene, index = place
        thing = self._scenes.objects[scene][index]
        draw = self._random.random()
        own = [found.statement for found in self._scenes.expressions[scene] if found.index == index]
        if draw < 0.4 and own:
            statement = self._random.choice(own)
        elif draw < 0.88 and thing.colour:
            statement = Statement(thing.category, thing.colour)
        else:
            statement = Statement(thing.category)
        colour = COLOURS.index(statement.colour) if statement.colour else -1
        return phrase(statement, self._random), category_of(thing), colour

    def also_true(self, captions: list[tuple[str, int, int]], places: list[tuple[int, int]]) -> Tensor:
        """bool [captions, objects]: true off the diagonal where a caption fits another object as well."""
        things = [self._scenes.objects[scene][index] for scene, index in places]
        categories = np.array([category_of(thing) for thing in things])
        colours = np.array([colour_of(thing) for thing in things])
        shown = np.stack([colours_shown(thing) for thing in things])
        named_category = np.array([category for _, category, _ in captions])[:, None]
        named_colour = np.array([colour for *_, colour in captions])[:, None]
        fits_colour = (named_colour < 0) | (named_colour == colours) | ((colours < 0) & shown.T[np.maximum(named_colour[:, 0], 0)])
        fits = (named_category == categories) & fits_colour
        return torch.as_tensor(fits & ~np.eye(len(captions), dtype=bool))


def contrast(scale: Tensor, texts: Tensor, images: Tensor, ignored: Tensor, background: Tensor | None = None) -> Tensor:
    logits = (scale * texts @ images.T).masked_fill(ignored, -1e4)
    right = torch.arange(len(texts))
    rows = logits if background is None else torch.cat([logits, scale * texts @ background.T], 1)
    return (F.cross_entropy(rows, right) + F.cross_entropy(logits.T, right)) / 2


def scene_regions(scenes: SceneSet, chosen) -> tuple[list[tuple[int, int]], Tensor, Tensor, Tensor]:
    """Objects of the scenes, the row of each, its share of the cells [n, 196], and empty cells [scenes, 196]."""
    places, rows, weights, empty = [], [], [], []
    for row, scene in enumerate(chosen):
        owner = scenes.owner(scene).reshape(GRID, 16, GRID, 16)
        empty.append((owner == 0).mean((1, 3)).ravel() > 0.97)
        for index in range(len(scenes.objects[scene])):
            cover = (owner == index + 1).mean((1, 3)).ravel()
            places.append((int(scene), index))
            rows.append(row)
            weights.append(cover / cover.sum())
    return places, torch.tensor(rows), torch.as_tensor(np.stack(weights)).float(), torch.as_tensor(np.stack(empty))


@torch.no_grad()
def evaluate(network: Clip, scenes: SceneSet, count: int) -> dict[str, float]:
    """Category and colour of single crops, and choosing the right true box for an expression, per kind."""
    places = [(scene, index) for scene in range(count) for index in range(len(scenes.objects[scene]))]
    row = {place: number for number, place in enumerate(places)}
    with autocast():
        images = torch.cat([network.embed_images(to_tensor(scenes.crops(places[k : k + 200]))) for k in range(0, len(places), 200)])
        names = network.embed_texts(encode([f"a {name}" for name in CATEGORY_NAMES]))
        painted = network.embed_texts(encode([f"a {colour} {name}" for name in CATEGORY_NAMES for colour in COLOURS]))
    things = [scenes.objects[scene][index] for scene, index in places]
    category, colour = np.array([category_of(t) for t in things]), np.array([colour_of(t) for t in things])
    painted = painted.view(len(CATEGORY_NAMES), len(COLOURS), -1)[torch.as_tensor(category)]
    guessed = torch.einsum("nd,ncd->nc", images, painted).argmax(1).cpu().numpy()
    report = {
        "category_right": float(np.mean((images @ names.T).argmax(1).cpu().numpy() == category)),
        "colour_right": float(np.mean((guessed == colour)[colour >= 0])),
    }
    picked: dict[str, list[bool]] = {}
    for scene in range(count):
        found = scenes.expressions[scene]
        with autocast():
            texts = network.embed_texts(encode([expression.text for expression in found]))
        rows = [row[scene, index] for index in range(len(scenes.objects[scene]))]
        for expression, scores in zip(found, texts @ images[rows].T):
            picked.setdefault(expression.kind, []).append(int(scores.argmax()) == expression.index)
    return report | {f"pick_{kind}": float(np.mean(right)) for kind, right in sorted(picked.items())}


def train(scenes_folder: Path, runs: Path, budget: Budget) -> None:
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    training, validation = SceneSet(scenes_folder, "train"), SceneSet(scenes_folder, "validation")
    everything = [(scene, index) for scene in range(len(training)) for index in range(len(training.objects[scene]))]
    captions = Captions(training)
    network = Clip()
    detector = torch.load(runs / "detector.pt", map_location="cpu")["network"]
    network.image.stem.load_state_dict({key[5:]: value for key, value in detector.items() if key.startswith("stem.")})
    network.to(memory_format=torch.channels_last)

    def step(_: float):
        captions.seed(int(random.integers(2**32)))
        places = [everything[k] for k in random.integers(len(everything), size=CROPS)]
        crops = to_tensor(training.crops(places, tuple(random.integers(-JITTER, JITTER + 1, 2))))
        crops = crops * (1 + 0.1 * torch.randn(CROPS, 1, 1, 1)) + 0.1 * torch.randn(CROPS, 1, 1, 1)
        said = [captions.draw(place) for place in places]
        chosen = random.choice(len(training), SCENES, replace=False)
        regions, rows, weights, empty = scene_regions(training, chosen)
        said_regions = [captions.draw(place) for place in regions]
        with autocast():
            images = network.embed_images(crops)
            cells = network.embed_cells(to_tensor(training.pictures(chosen)))
            texts = network.embed_texts(encode([text for text, *_ in said]))
            texts_regions = network.embed_texts(encode([text for text, *_ in said_regions]))
        pooled = F.normalize((weights[:, :, None] * cells[rows]).sum(1), dim=-1)
        background = F.normalize(cells[empty], dim=-1)
        background = background[torch.randperm(len(background))[:BACKGROUND_CELLS]]
        scale = network.log_scale.exp().clamp(max=60)
        crop_loss = contrast(scale, texts, images, captions.also_true(said, places))
        scene_loss = contrast(scale, texts_regions, pooled, captions.also_true(said_regions, regions), background)
        return crop_loss + scene_loss, {"crops": crop_loss.item(), "scenes": scene_loss.item()}

    run("clip", runs, network, budget, 1.5e-3, 0.05, step, lambda: evaluate(network, validation, min(150, len(validation))), random=random)
