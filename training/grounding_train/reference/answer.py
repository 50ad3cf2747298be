"""What every method hands back, and the resampling they share."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Answer:
    """A prediction in pixels of the picture; no box means that the method found nothing."""

    box: tuple[float, float, float, float] | None = None  # x, y, width, height
    mask: np.ndarray | None = None  # bool [height, width]
    score: float | None = None
    point: tuple[float, float] | None = None  # where the method looks, if it has such a point
    details: dict = field(default_factory=dict)


def resize_bilinear(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """[h, w] to [height, width]: half-pixel centres, edges repeated, not antialiased."""
    for axis, size in ((0, height), (1, width)):
        old = values.shape[axis]
        place = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, old - 1)
        part = (place - low).reshape((-1, 1) if axis == 0 else (1, -1))
        values = np.take(values, low, axis) * (1 - part) + np.take(values, high, axis) * part
    return values


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values.astype(np.float64)))


def softmax(values: np.ndarray) -> np.ndarray:
    shifted = np.exp(values.astype(np.float64) - values.max())
    return shifted / shifted.sum()
