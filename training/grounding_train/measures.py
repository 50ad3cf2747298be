"""Boxes and masks: overlap, suppression and the box of a mask."""

import numpy as np
from scipy import ndimage


def box_iou(first, second) -> float:
    """Intersection over union of two boxes given by their corners x0, y0, x1, y1."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    inner = width * height
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    return float(inner / (areas[0] + areas[1] - inner))


def mask_iou(first: np.ndarray, second: np.ndarray) -> float:
    union = np.logical_or(first, second).sum()
    return float(np.logical_and(first, second).sum() / union) if union else 0.0


def non_maximum_suppression(boxes: np.ndarray, scores: np.ndarray, iou: float, threshold: float, limit: int) -> list[int]:
    """Indices of the kept boxes [n, 4] (corners) in order of score, whatever their category."""
    kept: list[int] = []
    for index in np.argsort(-scores, kind="stable"):
        if scores[index] < threshold or len(kept) >= limit:
            break
        if all(box_iou(boxes[index], boxes[other]) <= iou for other in kept):
            kept.append(int(index))
    return kept


def largest_component(mask: np.ndarray) -> np.ndarray:
    """The largest 4-connected part of a mask [height, width]; the first in reading order of equal ones."""
    labels, count = ndimage.label(mask)
    if count <= 1:
        return mask.astype(bool)
    return labels == np.bincount(labels.ravel())[1:].argmax() + 1


def box_of_mask(mask: np.ndarray) -> tuple[int, int, int, int] | None:
    """x, y, width, height of the mask's largest component, None for an empty mask."""
    if not mask.any():
        return None
    part = largest_component(mask)
    columns, rows = np.flatnonzero(part.any(0)), np.flatnonzero(part.any(1))
    return int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1)
