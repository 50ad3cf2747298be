"""Writes the folder of golden cases (its README explains the format)."""

import json
from pathlib import Path

from ..dataset import read_split
from ..reference.pack import Pack
from . import cases, pure
from .compact import sha256

SPLIT = "validation"


def write_golden(pack_folder: Path, dataset: Path, folder: Path) -> None:
    pack = Pack(pack_folder)
    pictures = folder / "pictures"
    chosen = cases.choose(read_split(dataset, SPLIT))
    tables = {
        "preprocessing": pure.preprocessing(pictures),
        "crops": pure.crops(pictures),
        "maps": pure.maps(),
        "resizing": pure.resizing(),
        "masks": pure.masks(),
        "detections": pure.detections(),
        "tokens": cases.tokens(pack),
        "pack": {
            "id": pack.manifest["id"],
            "version": pack.manifest["version"],
            "manifestSha256": sha256((pack_folder / "manifest.json").read_bytes()),
        },
        **{f"image-{number}": cases.image_case(pack, scene, questions) for number, (scene, questions) in enumerate(chosen)},
    }
    for name, table in tables.items():
        (folder / f"{name}.json").write_text(json.dumps(table) + "\n")
