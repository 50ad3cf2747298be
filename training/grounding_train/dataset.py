"""Reads a split of a dataset in Grounding JSONL (docs/formats.md), as evaluation and golden cases want it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from pycocotools import mask as coco_mask


@dataclass(frozen=True)
class Question:
    """An expression and the object that it means."""

    id: str
    text: str
    kind: str
    category: str
    colour: str | None
    chance: float  # of a guess among the objects of the right category; 0 where the dataset does not say
    box: tuple[float, float, float, float]  # x, y, width, height
    _runs: dict

    @property
    def mask(self) -> np.ndarray:
        """bool [height, width]"""
        return coco_mask.decode(self._runs).astype(bool)


@dataclass(frozen=True)
class Scene:
    id: str
    file: Path
    questions: tuple[Question, ...]

    def open(self) -> Image.Image:
        return Image.open(self.file).convert("RGB")


def _rows(folder: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


def read_split(folder: Path, split: str) -> list[Scene]:
    """The images of a split with the expressions that have a referent, in the order of the files."""
    referents = {row["id"]: row for row in _rows(folder, "referents")}
    asked: dict[str, list[Question]] = {}
    for row in _rows(folder, "expressions"):
        if row["referent"] is None:
            continue
        meant = referents[row["referent"]]
        colour, chance = meant["attributes"].get("colour"), row["attributes"].get("chance", 0.0)
        place = tuple(meant["box"]), meant["mask"]
        question = Question(row["id"], row["text"], row["kind"], meant["category"], colour, chance, *place)
        asked.setdefault(meant["image"], []).append(question)
    images = [row for row in _rows(folder, "images") if row["split"] == split]
    return [Scene(row["id"], folder / row["file"], tuple(asked.get(row["id"], ()))) for row in images]
