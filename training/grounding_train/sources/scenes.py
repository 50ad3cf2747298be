"""EmojiRef's training scenes as a source."""

from functools import partial
from pathlib import Path

from PIL import Image

from ..data import SceneSet
from ..emojiref.shards import MODEL_SIZE
from .sample import NoSuchData, Said, Sample


class EmojiRefScenes:
    def __init__(self, folder: Path):
        self._folder = folder
        self.description = "EmojiRef scenes"
        if not self.splits():
            raise NoSuchData(f"there are no scenes in {folder}: run `generate scenes` first")

    def splits(self) -> tuple[str, ...]:
        return tuple(split for split in ("train", "validation") if list((self._folder / split).glob("*/records.pkl")))

    def samples(self, split: str) -> list[Sample]:
        scenes = SceneSet(self._folder, split)
        return [
            Sample(f"{split}-{scene}", partial(_picture, scenes, scene), _said(scenes, scene))
            for scene in range(len(scenes))
            if scenes.expressions[scene]
        ]


def _picture(scenes: SceneSet, scene: int) -> Image.Image:
    return Image.fromarray(scenes.pictures([scene])[0])


def _said(scenes: SceneSet, scene: int) -> tuple[Said, ...]:
    found = []
    for expression in scenes.expressions[scene]:
        x0, y0, x1, y1 = (MODEL_SIZE * edge for edge in scenes.objects[scene][expression.index].box)
        mask = partial(scenes.mask, scene, expression.index)
        found.append(Said(expression.text, expression.kind, (x0, y0, x1 - x0, y1 - y0), mask))
    return tuple(found)
