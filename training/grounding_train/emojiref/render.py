"""Draws a scene and measures what is visible of each object."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from .assets import Drawings
from .background import paint_background
from .scene import Placed, Scene, corner_of, paste_number, shape_of


@dataclass(frozen=True)
class SceneObject:
    """One object as the expressions see it; positions and areas are shares of the picture."""

    category: str
    colour: str | None  # the colour people would name, None if there is no clear one
    natural: frozenset[str]  # further colours it shows, which make colour words ambiguous
    box: tuple[float, float, float, float]  # x0, y0, x1, y1 of the visible part
    area: float  # visible
    full_area: float  # as if nothing stood before it

    @property
    def centre(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True)
class Rendered:
    picture: np.ndarray  # uint8 [size, size, 3]
    owner: np.ndarray  # uint8 [size, size]: 0 background, n the n-th object
    objects: tuple[SceneObject, ...]


def render(scene: Scene, size: int, drawings: Drawings, paint: Callable[[int, int], np.ndarray] = paint_background) -> Rendered:
    """The scene at `size` x `size` pixels with its visible masks; `paint` makes the background of a seed and size."""
    canvas = Image.fromarray(paint(scene.background_seed, size))
    owner = np.zeros((size, size), np.uint8)
    full_areas = []
    for number, placed in enumerate(scene.objects, 1):
        shape = shape_of(drawings, placed, size, drawings.painted(placed.drawing, placed.paint))
        corner = corner_of(placed, size, shape)
        alpha = shape.getchannel("A")
        _cast_shadow(canvas, alpha, corner, scene, placed, size)
        canvas.paste(ImageEnhance.Brightness(shape.convert("RGB")).enhance(placed.brightness), corner, alpha)
        solid = np.asarray(alpha) > 127
        full_areas.append(int(solid.sum()))
        paste_number(owner, solid, corner, number)
    objects = tuple(
        _measure(owner == number, placed, full, drawings) for number, (placed, full) in enumerate(zip(scene.objects, full_areas), 1)
    )
    return Rendered(np.asarray(canvas), owner, objects)


def _cast_shadow(canvas: Image.Image, alpha: Image.Image, corner, scene: Scene, placed: Placed, size: int) -> None:
    """A soft shadow whose distance grows with the object, so that large things seem to stand higher."""
    reach = 0.6 + 1.6 * placed.length
    blur = max(1, round(scene.shadow.blur * reach * size))
    margin = 2 * blur
    soft = Image.new("L", (alpha.width + 2 * margin, alpha.height + 2 * margin))
    soft.paste(alpha.point(lambda value: int(value * scene.shadow.strength)), (margin, margin))
    soft = soft.filter(ImageFilter.BoxBlur(blur * 0.7)).filter(ImageFilter.BoxBlur(blur * 0.5))
    left = corner[0] - margin + round(scene.shadow.offset[0] * reach * size)
    top = corner[1] - margin + round(scene.shadow.offset[1] * reach * size)
    canvas.paste((18, 16, 28), (left, top, left + soft.width, top + soft.height), soft)


def _measure(mask: np.ndarray, placed: Placed, full_area: int, drawings: Drawings) -> SceneObject:
    drawing = drawings[placed.drawing]
    size = mask.shape[0]
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    box = (columns[0] / size, rows[0] / size, (columns[-1] + 1) / size, (rows[-1] + 1) / size)
    return SceneObject(
        category=placed.category,
        colour=placed.paint or drawing.colour,
        natural=frozenset([placed.paint]) if placed.paint else drawing.natural,
        box=tuple(float(edge) for edge in box),
        area=int(mask.sum()) / size**2,
        full_area=full_area / size**2,
    )
