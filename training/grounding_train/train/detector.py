"""Trains the detector: objectness that predicts its own IoU, generalised IoU of boxes, category and colour.

Losses after VarifocalNet (Zhang et al. 2021) and GIoU (Rezatofighi et al. 2019). Positive cells are the
middle of each box; where boxes share a cell the smaller object has it.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..data import SceneSet, category_of, colour_of, to_tensor
from ..measures import box_iou, non_maximum_suppression
from ..models.detector import FRAME, GRID, STRIDE, Detector, cell_centres
from .loop import Budget, autocast, run

BATCH = 16
POSITIVE_SHARE = 0.2  # of the box's side, on each side of the middle
POSITIVE_LEAST = 6.0  # pixels


class Targets:
    """For each cell the object it must find, computed once per scene."""

    def __init__(self, scenes: SceneSet):
        self._scenes = scenes
        self._cache: dict[int, np.ndarray] = {}
        ticks = (np.arange(GRID) + 0.5) * STRIDE
        self._x, self._y = ticks[None, :], ticks[:, None]

    def owner(self, scene: int) -> np.ndarray:
        """int [28, 28], -1 where there is no object."""
        if scene not in self._cache:
            objects = self._scenes.objects[scene]
            grid = np.full((GRID, GRID), -1, np.int64)
            for index in sorted(range(len(objects)), key=lambda i: -objects[i].area):
                x0, y0, x1, y1 = self._scenes.box(scene, index)
                near_x = abs(self._x - (x0 + x1) / 2) < max(POSITIVE_LEAST, POSITIVE_SHARE * (x1 - x0))
                near_y = abs(self._y - (y0 + y1) / 2) < max(POSITIVE_LEAST, POSITIVE_SHARE * (y1 - y0))
                grid[near_x & near_y] = index
            self._cache[scene] = grid
        return self._cache[scene]

    def batch(self, scenes) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Positive [n, 28, 28], boxes [n, 28, 28, 4], categories and colours [n, 28, 28]."""
        owners = [self.owner(scene) for scene in scenes]
        objects = [self._scenes.objects[scene] for scene in scenes]
        boxes = [
            np.array([self._scenes.box(scene, i) for i in range(len(things))])[owner]
            for scene, things, owner in zip(scenes, objects, owners)
        ]
        categories = [np.array([category_of(thing) for thing in things])[owner] for things, owner in zip(objects, owners)]
        colours = [np.array([colour_of(thing) for thing in things])[owner] for things, owner in zip(objects, owners)]
        positive, *rest = (torch.as_tensor(np.stack(part)) for part in (owners, boxes, categories, colours))
        return positive >= 0, *rest


def generalised_iou(distances: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """IoU and generalised IoU of boxes given as edge distances [n, 4] from the same cell."""
    low, high = torch.minimum(distances, truth), torch.maximum(distances, truth)
    inner = (low[:, 0] + low[:, 2]) * (low[:, 1] + low[:, 3])
    outer = (high[:, 0] + high[:, 2]) * (high[:, 1] + high[:, 3])
    areas = [(box[:, 0] + box[:, 2]) * (box[:, 1] + box[:, 3]) for box in (distances, truth)]
    union = areas[0] + areas[1] - inner
    return inner / union, inner / union - (outer - union) / outer


def loss_of(outputs, targets) -> tuple[Tensor, dict[str, float]]:
    distances, objectness, classes, colours = outputs
    positive, boxes, category, colour = targets
    x, y = (grid.expand(len(positive), -1, -1)[positive] for grid in cell_centres())
    box = boxes[positive]
    truth = torch.stack([x - box[:, 0], y - box[:, 1], box[:, 2] - x, box[:, 3] - y], 1).clamp(min=1)
    iou, generalised = generalised_iou(distances.permute(0, 2, 3, 1)[positive], truth)
    probability = objectness.sigmoid()
    wanted = torch.zeros_like(objectness)
    wanted[positive] = iou.detach().clamp(0.1, 1)
    weight = torch.where(positive, wanted, 0.75 * probability.detach() ** 2)
    presence = F.binary_cross_entropy_with_logits(objectness, wanted, weight, reduction="sum") / positive.sum()
    class_loss = F.cross_entropy(classes.permute(0, 2, 3, 1)[positive], category[positive])
    colour_loss = F.cross_entropy(colours.permute(0, 2, 3, 1)[positive], colour[positive], ignore_index=-1)
    place = (1 - generalised).mean()
    total = presence + 2 * place + 0.5 * class_loss + 0.4 * colour_loss
    return total, {"objectness": presence.item(), "box": place.item(), "class": class_loss.item(), "colour": colour_loss.item()}


@torch.no_grad()
def evaluate(network: Detector, scenes: SceneSet, count: int, threshold: float = 0.1) -> dict[str, float]:
    """Recall at IoU 0.5 of the kept boxes and the accuracy of their categories and colours."""
    centre_x, centre_y = (grid.flatten() for grid in cell_centres())
    found, objects, kept = 0, 0, 0
    category_right, colour_right = [], []
    for start in range(0, count, 20):
        chosen = range(start, min(start + 20, count))
        with autocast():
            distances, objectness, classes, colours = network(to_tensor(scenes.pictures(chosen)))
        for row, scene in enumerate(chosen):
            left, top, right, bottom = distances[row].flatten(1)
            boxes = torch.stack([centre_x - left, centre_y - top, centre_x + right, centre_y + bottom], 1).clamp(0, FRAME).cpu().numpy()
            scores = objectness[row].sigmoid().flatten().cpu().numpy()
            keep = non_maximum_suppression(boxes, scores, 0.6, threshold, 40)
            kept += len(keep)
            for index, thing in enumerate(scenes.objects[scene]):
                objects += 1
                overlaps = [box_iou(boxes[k], scenes.box(scene, index)) for k in keep]
                if overlaps and max(overlaps) >= 0.5:
                    found += 1
                    cell = keep[int(np.argmax(overlaps))]
                    category_right.append(int(classes[row].flatten(1)[:, cell].argmax()) == category_of(thing))
                    if thing.colour:
                        colour_right.append(int(colours[row].flatten(1)[:, cell].argmax()) == colour_of(thing))
    return {
        "recall": found / objects,
        "boxes": kept / count,
        "category": float(np.mean(category_right or [0])),
        "colour_right": float(np.mean(colour_right or [0])),
    }


def train(scenes_folder: Path, runs: Path, budget: Budget) -> None:
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    training, validation = SceneSet(scenes_folder, "train"), SceneSet(scenes_folder, "validation")
    targets = Targets(training)
    network = Detector().to(memory_format=torch.channels_last)

    def step(_: float):
        chosen = random.choice(len(training), BATCH, replace=False)
        pictures = to_tensor(training.pictures(chosen))
        pictures = pictures * (1 + 0.15 * torch.randn(BATCH, 1, 1, 1))
        positive, boxes, category, colour = targets.batch(chosen)
        if random.random() < 0.5:
            pictures = pictures.flip(3)
            positive, category, colour, boxes = (part.flip(2) for part in (positive, category, colour, boxes))
            boxes = torch.stack([FRAME - boxes[..., 2], boxes[..., 1], FRAME - boxes[..., 0], boxes[..., 3]], -1)
        with autocast():
            outputs = network(pictures)
        return loss_of(outputs, (positive, boxes, category, colour))

    watched = min(100, len(validation))
    run("detector", runs, network, budget, 2e-3, 0.02, step, lambda: evaluate(network, validation, watched), clip=5.0, random=random)
