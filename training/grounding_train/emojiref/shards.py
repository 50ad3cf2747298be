"""Training scenes as plain arrays on disk, in shards that can be used while later ones are still made.

Scenes are drawn at the size that ships (448) and reduced to the models' 224 with the same filter that the
engine uses, so that training and use see the same pixels. A shard folder holds

* `pictures.npy` uint8 [n, 224, 224, 3]
* `owners.npy`   uint8 [n, 224, 224]: 0 background, k the k-th object
* `crops.npy`    uint8 [n, 8, 80, 80, 3]: each object cut from the large picture with room for jitter
* `records.pkl`  (objects, expressions) per scene; written last, so its presence marks a whole shard
"""

import pickle
from multiprocessing import Pool
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from ..reference.preprocess import crop_picture
from .assets import Drawings
from .expressions import expressions
from .render import Rendered, render
from .scene import sample_scene

SCENE_SIZE = 448
MODEL_SIZE = 224
CROP_SIZE = 64
CROP_ENLARGE = 1.1
STORED_CROP_SIZE = 80
MAXIMUM_OBJECTS = 8
FIRST_SEED = {"train": 0, "validation": 10_000_000, "test": 20_000_000, "shifted": 30_000_000}
CROP_RULE = {"shape": "square", "enlarge": CROP_ENLARGE, "fill": (127, 127, 127)}
_STORED_CROP_RULE = {**CROP_RULE, "enlarge": CROP_ENLARGE * STORED_CROP_SIZE / CROP_SIZE}
_BATCH = 50

_drawings: Drawings | None = None


def _open_drawings(folder: Path) -> None:
    global _drawings
    _drawings = Drawings(folder)


def _make_batch(seeds: range):
    made = []
    for seed in seeds:
        rendered = render(sample_scene(seed, _drawings), SCENE_SIZE, _drawings)
        made.append((*_reduce(rendered), rendered.objects, expressions(rendered.objects, Random(seed), per_kind=3)))
    return made


def _reduce(rendered: Rendered) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    large = Image.fromarray(rendered.picture)
    picture = np.asarray(large.resize((MODEL_SIZE, MODEL_SIZE), Image.Resampling.BILINEAR))
    owner = rendered.owner[1::2, 1::2]
    crops = np.zeros((MAXIMUM_OBJECTS, STORED_CROP_SIZE, STORED_CROP_SIZE, 3), np.uint8)
    for index, thing in enumerate(rendered.objects):
        x0, y0, x1, y1 = (edge * SCENE_SIZE for edge in thing.box)
        crop = crop_picture(large, (x0, y0, x1 - x0, y1 - y0), _STORED_CROP_RULE)
        crops[index] = np.asarray(crop.resize((STORED_CROP_SIZE, STORED_CROP_SIZE), Image.Resampling.BILINEAR))
    return picture, owner, crops


def write_shard(folder: Path, first_seed: int, count: int, pool: Pool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    arrays = [
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.uint8, (count, *shape))
        for name, shape in (
            ("pictures", (MODEL_SIZE, MODEL_SIZE, 3)),
            ("owners", (MODEL_SIZE, MODEL_SIZE)),
            ("crops", (MAXIMUM_OBJECTS, STORED_CROP_SIZE, STORED_CROP_SIZE, 3)),
        )
    ]
    records = []
    batches = [range(first_seed + k, first_seed + min(k + _BATCH, count)) for k in range(0, count, _BATCH)]
    for batch in pool.imap(_make_batch, batches):
        for *pixels, objects, found in batch:
            for array, value in zip(arrays, pixels):
                array[len(records)] = value
            records.append((objects, found))
    for array in arrays:
        array.flush()
    (folder / "records.pkl").write_bytes(pickle.dumps(records))


def write_split(folder: Path, split: str, count: int, assets: Path, shard_size: int = 2000, processes: int = 2) -> None:
    """Makes the shards of a split that are not there yet."""
    with Pool(processes, _open_drawings, (assets,)) as pool:
        for start in range(0, count, shard_size):
            shard = folder / split / f"{start // shard_size:03d}"
            if not (shard / "records.pkl").exists():
                write_shard(shard, FIRST_SEED[split] + start, min(shard_size, count - start), pool)
                print(f"{split}: {min(start + shard_size, count)} of {count} scenes", flush=True)
