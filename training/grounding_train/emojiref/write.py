"""Writes the shipped parts of EmojiRef as Grounding JSONL (docs/formats.md)."""

import json
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image
from pycocotools import mask as coco_mask

from .assets import Drawings
from .background import paint_background
from .background_shifted import paint_shifted_background
from .render import render
from .scene import ObjectCounts, sample_scene
from .sentences import sentences
from .shards import FIRST_SEED, SCENE_SIZE

WEBP_QUALITY = 90


@dataclass(frozen=True)
class Part:
    """One dataset that is written: which scenes, how they are drawn, and what is said of them."""

    name: str
    splits: dict[str, int]
    objects: ObjectCounts
    shifted: bool
    description: str
    package: str


PARTS = {
    "emojiref": Part(
        "EmojiRef",
        {"validation": 200, "test": 600},
        ObjectCounts(3, 8),
        False,
        "Procedural scenes of three-dimensional emoji with unambiguous, minimal referring expressions, counterfactual "
        "pairs and some expressions without a referent. Boxes and masks are exact and show the visible part.",
        "@lobehub/fluent-emoji-3d",
    ),
    "emojiref-shifted": Part(
        "EmojiRef shifted",
        {"shifted": 150},
        ObjectCounts(7, 10),
        True,
        "What EmojiRef's models never saw in training: flat drawings, more objects, other backgrounds.",
        "@lobehub/fluent-emoji-flat",
    ),
}
_MIT_TERMS = """Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
_LICENCE = """The pictures of EmojiRef are composed of, and partly recoloured from, Fluent Emoji
by Microsoft, as packaged by LobeHub in the npm package {package} 1.1.0.

MIT License

Copyright (c) Microsoft Corporation (Fluent Emoji)
Copyright (c) LobeHub ({package})

{terms}"""

_drawings: Drawings | None = None


def _open_drawings(folder: Path) -> None:
    global _drawings
    _drawings = Drawings(folder)


def run_length(mask: np.ndarray) -> dict:
    """COCO's compressed run-length encoding of a mask [height, width]."""
    encoded = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    return {"size": [int(side) for side in encoded["size"]], "counts": encoded["counts"].decode("ascii")}


def _write_scene(job: tuple[Part, str, int, Path]) -> tuple[dict, list[dict], list[dict]]:
    part, split, number, folder = job
    seed = FIRST_SEED[split] + number
    paint = paint_shifted_background if part.shifted else paint_background
    rendered = render(sample_scene(seed, _drawings, part.objects), SCENE_SIZE, _drawings, paint)
    name = f"{split}-{number:06d}"
    file = f"images/{name}.webp"
    Image.fromarray(rendered.picture).save(folder / file, quality=WEBP_QUALITY, method=6)
    image = {"id": name, "file": file, "width": SCENE_SIZE, "height": SCENE_SIZE, "split": split}
    referents = []
    for index, thing in enumerate(rendered.objects):
        x0, y0, x1, y1 = (round(edge * SCENE_SIZE) for edge in thing.box)
        referents.append(
            {
                "id": f"{name}-{index}",
                "image": name,
                "category": thing.category,
                "box": [x0, y0, x1 - x0, y1 - y0],
                "mask": run_length(rendered.owner == index + 1),
                "attributes": {"colour": thing.colour} if thing.colour else {},
            }
        )
    return image, referents, sentences(name, rendered.objects, Random(seed))


def write_dataset(folder: Path, assets: Path, part: Part, processes: int = 2) -> None:
    """Writes `part` with the drawings of `assets` (the `assets` folder of its emoji package)."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    jobs = [(part, split, number, folder) for split, count in part.splits.items() for number in range(count)]
    with Pool(processes, _open_drawings, (assets,)) as pool:
        made = pool.map(_write_scene, jobs, chunksize=20)
    tables = {
        "images": [image for image, _, _ in made],
        "referents": [referent for _, referents, _ in made for referent in referents],
        "expressions": [sentence for _, _, found in made for sentence in found],
    }
    for name, rows in tables.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    description = {
        "format": "grounding-jsonl",
        "version": 1,
        "name": part.name,
        "description": part.description,
        "licence": "MIT",
        "source": f"Generated by training/grounding_train/emojiref from the npm package {part.package} 1.1.0",
    }
    (folder / "dataset.json").write_text(json.dumps(description, indent=2) + "\n")
    (folder / "LICENSE.txt").write_text(_LICENCE.format(package=part.package, terms=_MIT_TERMS))
