"""Random scenes in units of the picture, so that one scene can be drawn at any size.

A scene is a list of placed drawings, back to front. Sampling repeats until every object is visible
enough, which is judged on small outlines; drawing the picture is left to `render`.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .assets import Drawings
from .catalogue import CATEGORY_BY_NAME, CATEGORY_NAMES, COLOURS

MINIMUM_VISIBLE_SHARE = 0.6
MINIMUM_VISIBLE_AREA = 0.0026  # of the picture: about 130 pixels at 224 x 224
MAXIMUM_BOX_OVERLAP = 0.22  # of the smaller of two boxes
OUTLINE_SIZE = 112  # pixels of the small canvas on which visibility is judged
TYPICAL_LENGTH = {3: 0.3125, 4: 0.295, 5: 0.268, 6: 0.25, 7: 0.232, 8: 0.219, 9: 0.207, 10: 0.196}


@dataclass(frozen=True)
class ObjectCounts:
    """How many objects a scene has, both ends included."""

    least: int = 3
    most: int = 8


@dataclass(frozen=True)
class Placed:
    """One drawing in a scene; lengths and positions are shares of the picture's side."""

    category: str
    drawing: str
    paint: str | None  # the colour it is painted in; None keeps its own
    centre: tuple[float, float]
    length: float  # of the longer side before turning
    angle: float  # degrees
    mirrored: bool
    brightness: float


@dataclass(frozen=True)
class Shadow:
    strength: float
    offset: tuple[float, float]
    blur: float


@dataclass(frozen=True)
class Scene:
    seed: int
    objects: tuple[Placed, ...]
    shadow: Shadow
    background_seed: int


def shape_of(drawings: Drawings, placed: Placed, size: float, picture: Image.Image) -> Image.Image:
    """`picture` (the drawing or its outline) resized, mirrored and turned for a canvas of `size` pixels."""
    width, height = drawings[placed.drawing].picture.size
    scale = placed.length * size / max(width, height)
    if placed.mirrored:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    target = (max(2, round(width * scale)), max(2, round(height * scale)))
    picture = picture.resize(target, Image.Resampling.BILINEAR)
    if placed.angle:
        picture = picture.rotate(placed.angle, Image.Resampling.BICUBIC, expand=True)
    return picture


def corner_of(placed: Placed, size: float, shape: Image.Image) -> tuple[int, int]:
    """Top left pixel of a shape on a canvas of `size` pixels."""
    return (round(placed.centre[0] * size - shape.width / 2), round(placed.centre[1] * size - shape.height / 2))


def sample_scene(seed: int, drawings: Drawings, counts: ObjectCounts = ObjectCounts()) -> Scene:
    """The scene of a seed; the same seed gives the same scene everywhere."""
    random = np.random.default_rng(seed)
    while True:
        objects = _sample_objects(random, drawings, counts)
        if objects is not None and _visible_enough(objects, drawings):
            break
    shadow = Shadow(
        strength=float(random.uniform(0.12, 0.5)),
        offset=(float(random.uniform(-0.022, 0.022)), float(random.uniform(0.012, 0.032))),
        blur=float(random.uniform(0.008, 0.02)),
    )
    return Scene(seed, objects, shadow, int(random.integers(2**31)))


def _sample_categories(random: np.random.Generator, counts: ObjectCounts) -> list[str]:
    """One main category has one to four instances, so that words must discriminate."""
    count = int(random.integers(counts.least, counts.most + 1))
    main = CATEGORY_NAMES[random.integers(len(CATEGORY_NAMES))]
    instances = min(count, int(random.choice([1, 2, 3, 4], p=[0.12, 0.45, 0.30, 0.13])))
    others = [name for name in CATEGORY_NAMES if name != main]
    random.shuffle(others)
    chosen = [main] * instances
    while len(chosen) < count:
        pair = random.random() < 0.18 and len(chosen) + 2 <= count
        chosen += [others.pop()] * (2 if pair else 1)
    return [chosen[index] for index in random.permutation(count)]


def _sample_objects(random: np.random.Generator, drawings: Drawings, counts: ObjectCounts) -> tuple[Placed, ...] | None:
    categories = _sample_categories(random, counts)
    palette = random.permutation(COLOURS)[: random.integers(2, 6)]
    typical = random.uniform(0.85, 1.15) * TYPICAL_LENGTH[len(categories)]
    placed: list[Placed] = []
    boxes: list[tuple[float, float, float, float]] = []
    for name in categories:
        category = CATEGORY_BY_NAME[name]
        drawing = category.drawings[random.integers(len(category.drawings))]
        paint = str(palette[random.integers(len(palette))]) if category.tintable and random.random() < 0.72 else None
        length = float(np.clip(typical * math.exp(random.normal(0, 0.33)), 0.116, 0.58))
        angle = float(random.uniform(-22, 22)) if random.random() < 0.6 else 0.0
        mirrored = bool(random.random() < 0.3)
        brightness = float(random.uniform(0.9, 1.06))
        width, height = drawings[drawing].picture.size
        box_size = _turned_size(length * width / max(width, height), length * height / max(width, height), angle)
        centre = _free_place(random, box_size, boxes)
        if centre is None:
            return None
        boxes.append((centre[0] - box_size[0] / 2, centre[1] - box_size[1] / 2, *box_size))
        placed.append(Placed(name, drawing, paint, centre, length, angle, mirrored, brightness))
    return tuple(placed)


def _turned_size(width: float, height: float, angle: float) -> tuple[float, float]:
    cosine, sine = math.cos(math.radians(angle)), abs(math.sin(math.radians(angle)))
    return width * cosine + height * sine, width * sine + height * cosine


def _free_place(random, size, boxes) -> tuple[float, float] | None:
    """A centre at which the box hardly overlaps the others; it may leave the picture by a twentieth."""
    for _ in range(25):
        x, y = (float(random.uniform(-0.05 * side, 1 - 0.95 * side)) for side in size)
        if all(_overlap((x, y, *size), box) <= MAXIMUM_BOX_OVERLAP for box in boxes):
            return x + size[0] / 2, y + size[1] / 2
    return None


def _overlap(first, second) -> float:
    """Intersection as a share of the smaller box, both [x, y, width, height]."""
    width = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    height = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min(first[2] * first[3], second[2] * second[3])


def _visible_enough(objects: tuple[Placed, ...], drawings: Drawings) -> bool:
    owner = np.zeros((OUTLINE_SIZE, OUTLINE_SIZE), np.uint8)
    full = []
    for number, placed in enumerate(objects, 1):
        shape = shape_of(drawings, placed, OUTLINE_SIZE, drawings.outline(placed.drawing))
        solid = np.asarray(shape) > 127
        full.append(solid.sum())
        paste_number(owner, solid, corner_of(placed, OUTLINE_SIZE, shape), number)
    visible = np.bincount(owner.ravel(), minlength=len(objects) + 1)[1:]
    least = MINIMUM_VISIBLE_AREA * OUTLINE_SIZE**2
    return all(seen >= least and seen >= MINIMUM_VISIBLE_SHARE * whole for seen, whole in zip(visible, full))


def paste_number(owner: np.ndarray, solid: np.ndarray, corner: tuple[int, int], number: int) -> None:
    """Writes `number` where `solid` lies on the map `owner` [H, W], cut to the map."""
    left, top = corner
    height, width = solid.shape
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + width, owner.shape[1]), min(top + height, owner.shape[0])
    if x0 < x1 and y0 < y1:
        owner[y0:y1, x0:x1][solid[y0 - top : y1 - top, x0 - left : x1 - left]] = number
