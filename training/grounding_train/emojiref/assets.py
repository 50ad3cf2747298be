"""Reads the emoji drawings and keeps recoloured versions of them in memory."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from . import colour
from .catalogue import CATEGORIES

_VECTOR_WIDTH = 256  # pixels, as the pictures of the other package


@dataclass(frozen=True)
class Drawing:
    """One emoji, cropped to its visible part."""

    picture: Image.Image
    colour: str | None
    natural: frozenset[str]


class Drawings:
    """All drawings of the catalogue, from the `assets` folder of an emoji package: pictures, or vector drawings."""

    def __init__(self, folder: Path):
        self._drawings = {name: _read(folder, name) for category in CATEGORIES for name in category.drawings}
        self.painted = lru_cache(maxsize=None)(self._paint)
        self.outline = lru_cache(maxsize=None)(self._outline)

    def __getitem__(self, name: str) -> Drawing:
        return self._drawings[name]

    def _paint(self, name: str, paint: str | None) -> Image.Image:
        """The drawing as RGBA, recoloured if `paint` names a colour."""
        picture = self._drawings[name].picture
        if paint is None:
            return picture
        pixels = colour.recolour(np.asarray(picture, np.float32) / 255, paint)
        return Image.fromarray((pixels * 255 + 0.5).astype(np.uint8), "RGBA")

    def _outline(self, name: str) -> Image.Image:
        """A small alpha channel, enough to judge overlaps."""
        alpha = self._drawings[name].picture.getchannel("A")
        alpha.thumbnail((64, 64), Image.Resampling.BILINEAR)
        return alpha


def _open(folder: Path, name: str) -> Image.Image:
    picture = folder / f"{name}.webp"
    if picture.exists():
        return Image.open(picture).convert("RGBA")
    import resvg_py  # needed for the flat drawings only

    drawn = resvg_py.svg_to_bytes(svg_path=str(folder / f"{name}.svg"), width=_VECTOR_WIDTH)
    return Image.open(BytesIO(bytes(drawn))).convert("RGBA")


def _read(folder: Path, name: str) -> Drawing:
    picture = _open(folder, name)
    picture = picture.crop(picture.getchannel("A").point(lambda alpha: 255 * (alpha > 128)).getbbox())
    clear, natural = colour.describe(np.asarray(picture, np.float32) / 255)
    return Drawing(picture, clear, natural)
