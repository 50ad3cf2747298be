"""What every source of training data gives: pictures, expressions, masks and splits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

import numpy as np
from PIL import Image, ImageOps
from pycocotools import mask as coco_mask


@dataclass(frozen=True)
class Said:
    """An expression and what it means."""

    text: str
    kind: str
    box: tuple[float, float, float, float]  # x, y, width, height in pixels of the oriented picture
    read_mask: Callable[[], np.ndarray]

    @property
    def mask(self) -> np.ndarray:
        """bool [height, width] of the picture"""
        return self.read_mask()


@dataclass(frozen=True)
class Sample:
    """A picture with what is said of it; both are read when they are asked for."""

    key: str
    read_picture: Callable[[], Image.Image]
    said: tuple[Said, ...]

    @property
    def picture(self) -> Image.Image:
        """RGB, oriented"""
        return self.read_picture()


class Source(Protocol):
    description: str  # for the model card: which data this is

    def splits(self) -> tuple[str, ...]: ...

    def samples(self, split: str) -> Sequence[Sample]:
        """In an order that is always the same. Pictures of which nothing is said are left out."""
        ...


class NoSuchData(ValueError):
    """The source does not hold what was asked for; the message says what it holds."""


def open_picture(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")


def box_mask(box: Sequence[float], width: int, height: int) -> np.ndarray:
    """A box x, y, width, height as a mask [height, width]: the pixels whose centre is inside."""
    columns, rows = np.arange(width) + 0.5, np.arange(height) + 0.5
    across = (columns >= box[0]) & (columns < box[0] + box[2])
    down = (rows >= box[1]) & (rows < box[1] + box[3])
    return down[:, None] & across[None]


def segmentation_mask(segmentation: list | dict, width: int, height: int) -> np.ndarray:
    """COCO polygons (all parts, united) or run lengths (compressed or not) as a mask [height, width]."""
    if isinstance(segmentation, list):
        runs = coco_mask.merge(coco_mask.frPyObjects(segmentation, height, width))
    elif isinstance(segmentation["counts"], list):
        runs = coco_mask.frPyObjects(segmentation, *segmentation["size"])
    else:
        runs = {"size": segmentation["size"], "counts": segmentation["counts"].encode()}
    return coco_mask.decode(runs).astype(bool)


def choose(source: Source, split: str) -> list[Sample]:
    if split not in source.splits():
        raise NoSuchData(f"there is no split {split} in {source.description}; there are: {', '.join(source.splits()) or 'none'}")
    return list(source.samples(split))


def training_and_validation(source: Source, training: str, validation: str, share: float, seed: int) -> tuple[list[Sample], list[Sample]]:
    """The two splits. Without a split of the name `validation`, a `share` of the training pictures, drawn with
    `seed`, is held out instead."""
    samples = choose(source, training)
    if validation in source.splits():
        return samples, choose(source, validation)
    order = Random(seed).sample(range(len(samples)), len(samples))
    held = set(order[: max(1, round(share * len(samples)))])
    if len(held) == len(samples):
        raise NoSuchData(f"{source.description} has too few pictures to hold some out for validation")
    return [s for k, s in enumerate(samples) if k not in held], [s for k, s in enumerate(samples) if k in held]
