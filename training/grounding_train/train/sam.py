"""Trains the promptable segmenter on points, boxes and rough earlier masks of visible objects."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from scipy import ndimage
from torch import Tensor

from ..data import SceneSet, to_tensor
from ..measures import mask_iou
from ..models.sam import FRAME, MASK_SIZE, Sam
from .loop import Budget, autocast, run

IMAGES = 8
PROMPTS = 4
POINT_NOISE = 3.0  # pixels
BOX_NOISE = 0.06  # of the side


def point_inside(mask: np.ndarray, random: np.random.Generator, noise: float = POINT_NOISE) -> list[float]:
    rows, columns = np.nonzero(mask)
    pick = random.integers(len(rows))
    return [columns[pick] + 0.5 + random.normal(0, noise), rows[pick] + 0.5 + random.normal(0, noise)]


def centre_point(mask: np.ndarray) -> list[float]:
    """The pixel deepest inside the mask."""
    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), mask.shape)
    return [column + 0.5, row + 0.5]


def noisy_box(box: np.ndarray, random: np.random.Generator) -> list[list[float]]:
    shaken = box + random.normal(0, BOX_NOISE * (box[2] - box[0]), 4)
    return [[shaken[0], shaken[1]], [shaken[2], shaken[3]]]


def _prompt(scenes: SceneSet, scene: int, index: int, mask: np.ndarray, random) -> tuple[list, list[int]]:
    """Two prompt points and their labels: a box, or a point with padding, a second point or a negative one."""
    if random.random() < 0.3:
        return noisy_box(scenes.box(scene, index), random), [2, 3]
    first, draw = point_inside(mask, random), random.random()
    if draw < 0.7:
        return [first, [0.0, 0.0]], [1, -1]
    if draw < 0.85:
        return [first, point_inside(mask, random)], [1, 1]
    return [first, point_inside(~mask, random, 0.0)], [1, 0]


def rough_mask(truth: Tensor) -> Tensor:
    """Logits like those of an earlier, poor mask: the truth at an eighth of the size, blurred and noisy."""
    small = F.avg_pool2d(truth, 8)
    return F.interpolate(6 * small - 3 + torch.randn_like(small), size=(MASK_SIZE, MASK_SIZE), mode="bilinear")


@torch.no_grad()
def evaluate(network: Sam, scenes: SceneSet, count: int) -> dict[str, float]:
    random = np.random.default_rng(5)
    overlaps: dict[str, list[float]] = {}
    for scene in range(count):
        masks = [scenes.mask(scene, index) for index in range(len(scenes.objects[scene]))]
        boxes = [scenes.box(scene, index).reshape(2, 2).tolist() for index in range(len(masks))]
        prompts = {
            "centre": ([[centre_point(mask), [0, 0]] for mask in masks], [1, -1]),
            "point": ([[point_inside(mask, random), [0, 0]] for mask in masks], [1, -1]),
            "box": (boxes, [2, 3]),
        }
        with autocast():
            features = network.image(to_tensor(scenes.pictures([scene])))
            for kind, (points, labels) in prompts.items():
                empty = torch.zeros(len(masks), 1, MASK_SIZE, MASK_SIZE)
                labels = torch.tensor([labels] * len(masks), dtype=torch.float32)
                places = torch.tensor(points, dtype=torch.float32)
                logits, _ = network.decoder(*features, places, labels, empty, torch.zeros(len(masks)))
                found = F.interpolate(logits, size=(FRAME, FRAME), mode="bilinear")[:, 0].cpu().numpy() > 0
                overlaps.setdefault(kind, []).extend(mask_iou(guess, mask) for guess, mask in zip(found, masks))
    return {f"iou_{kind}": float(np.mean(values)) for kind, values in overlaps.items()}


def train(scenes_folder: Path, runs: Path, budget: Budget) -> None:
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    training, validation = SceneSet(scenes_folder, "train"), SceneSet(scenes_folder, "validation")
    network = Sam()
    detector = torch.load(runs / "detector.pt", map_location="cpu")["network"]
    network.image.stem.load_state_dict({key[5:]: value for key, value in detector.items() if key.startswith("stem.")})
    network.to(memory_format=torch.channels_last)

    def step(_: float):
        chosen = random.integers(len(training), size=IMAGES)
        points, labels, masks = [], [], []
        for scene in chosen:
            count = len(training.objects[scene])
            for index in random.choice(count, PROMPTS, replace=count < PROMPTS):
                mask = training.mask(scene, index)
                where, what = _prompt(training, scene, index, mask, random)
                points.append(where)
                labels.append(what)
                masks.append(mask)
        truth = F.avg_pool2d(torch.as_tensor(np.stack(masks)).float()[:, None], FRAME // MASK_SIZE)
        has_mask = (torch.rand(len(masks)) < 0.15).float()
        with autocast():
            features = network.image(to_tensor(training.pictures(chosen)))
            prompts = torch.tensor(np.array(points), dtype=torch.float32), torch.tensor(labels, dtype=torch.float32)
            logits, quality = network.decoder(*features, *prompts, rough_mask(truth), has_mask)
        probability = logits.sigmoid()
        inner, both = (probability * truth).sum((1, 2, 3)), probability.sum((1, 2, 3)) + truth.sum((1, 2, 3))
        dice = (1 - (2 * inner + 1) / (both + 1)).mean()
        pixelwise = F.binary_cross_entropy_with_logits(logits, truth)
        with torch.no_grad():
            guess, real = probability > 0.5, truth > 0.5
            iou = (guess & real).sum((1, 2, 3)) / (guess | real).sum((1, 2, 3)).clamp(min=1)
        loss = 5 * pixelwise + dice + 0.3 * F.mse_loss(quality[:, 0], iou)
        return loss, {"dice": dice.item(), "iou": iou.mean().item()}

    run("sam", runs, network, budget, 2e-3, 0.02, step, lambda: evaluate(network, validation, min(60, len(validation))), random=random)
