"""Training scenes from their shards, as the training programs want them."""

import pickle
from pathlib import Path

import numpy as np
import torch

from .emojiref.catalogue import CATEGORY_INDEX, COLOUR_INDEX, COLOURS, HELD_OUT
from .emojiref.expressions import Expression
from .emojiref.render import SceneObject
from .emojiref.shards import CROP_SIZE, MODEL_SIZE, STORED_CROP_SIZE

PIXEL_MEAN, PIXEL_STD = 0.5, 0.25


class SceneSet:
    """All finished shards of a split, read from disk as they are needed.

    Training scenes that show a held-out pair of category and colour are left out.
    """

    def __init__(self, folder: Path, split: str, limit: int | None = None):
        shards = sorted(path.parent for path in (folder / split).glob("*/records.pkl"))
        if not shards:
            raise FileNotFoundError(f"no {split} scenes in {folder}: run `generate` first")
        self._arrays = {
            name: [np.load(shard / f"{name}.npy", mmap_mode="r") for shard in shards] for name in ("pictures", "owners", "crops")
        }
        records = [pickle.loads((shard / "records.pkl").read_bytes()) for shard in shards]
        usable = [
            (number, row)
            for number, part in enumerate(records)
            for row, (objects, _) in enumerate(part)
            if split != "train" or not shows_held_out(objects)
        ]
        self._place = usable[:limit]
        kept = [records[number][row] for number, row in self._place]
        self.objects: list[tuple[SceneObject, ...]] = [objects for objects, _ in kept]
        self.expressions: list[list[Expression]] = [found for _, found in kept]

    def __len__(self) -> int:
        return len(self.objects)

    def _rows(self, name: str, scenes) -> np.ndarray:
        places = [self._place[scene] for scene in scenes]
        return np.stack([self._arrays[name][shard][row] for shard, row in places])

    def pictures(self, scenes) -> np.ndarray:
        """uint8 [n, 224, 224, 3]"""
        return self._rows("pictures", scenes)

    def owner(self, scene: int) -> np.ndarray:
        """uint8 [224, 224]: which object each pixel belongs to, counted from 1."""
        shard, row = self._place[scene]
        return np.asarray(self._arrays["owners"][shard][row])

    def mask(self, scene: int, index: int) -> np.ndarray:
        return self.owner(scene) == index + 1

    def coverage(self, scene: int, index: int, size: int) -> np.ndarray:
        """float32 [size, size]: the share of each cell that an object covers; `size` divides 224."""
        step = MODEL_SIZE // size
        return self.mask(scene, index).reshape(size, step, size, step).mean((1, 3), dtype=np.float32)

    def crops(self, places: list[tuple[int, int]], shift: tuple[int, int] | None = None) -> np.ndarray:
        """uint8 [n, 64, 64, 3] of (scene, object) pairs, moved by `shift` stored pixels from the centre."""
        margin = (STORED_CROP_SIZE - CROP_SIZE) // 2
        down, across = (margin + part for part in (shift or (0, 0)))
        found = []
        for scene, index in places:
            shard, row = self._place[scene]
            found.append(self._arrays["crops"][shard][row, index, down : down + CROP_SIZE, across : across + CROP_SIZE])
        return np.stack(found)

    def box(self, scene: int, index: int) -> np.ndarray:
        """x0, y0, x1, y1 in pixels of the 224 frame."""
        return np.array(self.objects[scene][index].box, np.float32) * MODEL_SIZE


def shows_held_out(objects: tuple[SceneObject, ...]) -> bool:
    return any((thing.category, thing.colour) in HELD_OUT for thing in objects)


def to_tensor(pictures: np.ndarray) -> torch.Tensor:
    """uint8 [n, h, w, 3] to normalised float32 [n, 3, h, w] in channels-last memory."""
    tensor = torch.as_tensor(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    return ((tensor / 255 - PIXEL_MEAN) / PIXEL_STD).contiguous(memory_format=torch.channels_last)


def category_of(thing: SceneObject) -> int:
    return CATEGORY_INDEX[thing.category]


def colour_of(thing: SceneObject) -> int:
    """Index of the clear colour, -1 if there is none."""
    return COLOUR_INDEX[thing.colour] if thing.colour else -1


def colours_shown(thing: SceneObject) -> np.ndarray:
    """bool [8]: every named colour the object shows."""
    return np.array([colour in thing.natural for colour in COLOURS])
