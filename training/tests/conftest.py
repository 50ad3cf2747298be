"""Tiny data: plain shapes in place of the emoji, two dozen scenes of them, and small networks' packs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from grounding_train.emojiref.assets import Drawings
from grounding_train.emojiref.catalogue import CATEGORIES
from grounding_train.emojiref.shards import write_split
from grounding_train.emojiref.write import PARTS, Part, write_dataset

torch.set_num_threads(1)
SMALL_PART: Part = replace(PARTS["emojiref"], splits={"validation": 4, "test": 3})


@pytest.fixture(scope="session")
def assets(tmp_path_factory) -> Path:
    """One drawing a name: an ellipse, box or triangle in a colour of its own, with a clear border."""
    folder = tmp_path_factory.mktemp("assets")
    random = np.random.default_rng(0)
    for name in [name for category in CATEGORIES for name in category.drawings]:
        picture = Image.new("RGBA", (96, 96))
        colour = (*(int(part) for part in random.integers(40, 256, 3)), 255)
        left, top, right, bottom = (int(part) for part in (*random.integers(4, 20, 2), *random.integers(70, 92, 2)))
        draw = ImageDraw.Draw(picture)
        shape = random.integers(3)
        if shape == 0:
            draw.ellipse((left, top, right, bottom), fill=colour)
        elif shape == 1:
            draw.rectangle((left, top, right, bottom), fill=colour)
        else:
            draw.polygon([(left, bottom), (right, bottom), ((left + right) // 2, top)], fill=colour)
        picture.save(folder / f"{name}.webp", lossless=True)
    return folder


@pytest.fixture(scope="session")
def drawings(assets) -> Drawings:
    return Drawings(assets)


@pytest.fixture(scope="session")
def scenes_folder(assets, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    for split, count in (("train", 24), ("validation", 6)):
        write_split(folder, split, count, assets, processes=1)
    return folder


@pytest.fixture(scope="session")
def dataset(assets, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dataset")
    write_dataset(folder, assets, SMALL_PART, processes=1)
    return folder
