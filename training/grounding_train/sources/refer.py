"""A folder as REFER publishes RefCOCO, RefCOCO+ and RefCOCOg, and as the workbench exports it (docs/formats.md)."""

import json
import re
from collections import defaultdict
from functools import partial
from pathlib import Path

from .plain_pickle import NotPlainData, read_plain_pickle
from .sample import NoSuchData, Said, Sample, box_mask, open_picture, segmentation_mask

_PREFERRED = ("umd", "workbench", "unc", "google")
_IMAGE_FOLDERS = (
    "", "images", "train2014", "images/train2014", "images/mscoco/images/train2014", "train2017", "val2017", "val2014",
    "images/train2017", "images/val2017", "images/val2014",
)  # fmt: skip


def original_name(file_name: str) -> str:
    """COCO_train2014_000000380440_491042.jpg names the picture COCO_train2014_000000380440.jpg."""
    return re.sub(r"_\d+(\.\w+)$", r"\1", file_name)


class ReferFolder:
    def __init__(self, folder: Path, images: Path | None = None):
        """`folder` may also be one `refs(….p)` file; `images` is where the pictures are, if not beside the annotations."""
        refs_path = folder if folder.is_file() else _refs_file(folder)
        folder = refs_path.parent
        instances = json.loads((folder / "instances.json").read_text())
        self._pictures = {entry["id"]: entry for entry in instances["images"]}
        self._annotations = {entry["id"]: entry for entry in instances["annotations"]}
        self._refs: dict[str, dict[int, list[dict]]] = defaultdict(lambda: defaultdict(list))
        refs = read_plain_pickle(refs_path)
        if not isinstance(refs, list) or not all(isinstance(ref, dict) and "sentences" in ref for ref in refs):
            raise NotPlainData(f"{refs_path}: not a list of refs with sentences")
        for ref in refs:
            self._refs[str(ref["split"])][ref["image_id"]].append(ref)
        self._images = _image_folder(folder, images, [self._file_name(ref) for ref in refs[:20]])
        self.description = f"REFER folder {folder.name}, {refs_path.name}"

    def splits(self) -> tuple[str, ...]:
        return tuple(sorted(self._refs))

    def samples(self, split: str) -> list[Sample]:
        found = []
        for image_id, refs in sorted(self._refs[split].items()):
            said = tuple(one for ref in refs for one in self._said(ref))
            path = self._images / self._file_name(refs[0])
            if said:
                found.append(Sample(str(image_id), partial(open_picture, path), said))
        return found

    def _file_name(self, ref: dict) -> str:
        entry = self._pictures.get(ref["image_id"])
        return entry["file_name"] if entry else original_name(ref["file_name"])

    def _said(self, ref: dict) -> list[Said]:
        annotation = self._annotations.get(ref["ann_id"])
        if annotation is None:
            return []
        size = self._pictures[annotation["image_id"]]
        width, height, box = size["width"], size["height"], tuple(annotation["bbox"])
        if annotation.get("segmentation"):
            mask = partial(segmentation_mask, annotation["segmentation"], width, height)
        else:
            mask = partial(box_mask, box, width, height)
        sentences = [(sentence.get("sent") or sentence.get("raw", ""), sentence.get("kind", "")) for sentence in ref["sentences"]]
        return [Said(text, kind, box, mask) for text, kind in sentences if text.strip()]


def _refs_file(folder: Path) -> Path:
    found = {path.name[5:-3]: path for path in sorted(folder.glob("refs(*).p"))}
    if not found:
        raise NoSuchData(f"{folder} holds no refs(….p): it is not a REFER folder")
    return next((found[name] for name in _PREFERRED if name in found), next(iter(found.values())))


def _image_folder(folder: Path, images: Path | None, names: list[str]) -> Path:
    for root in [images] if images else [folder, folder.parent]:
        for part in _IMAGE_FOLDERS:
            if names and all((root / part / name).is_file() for name in names):
                return root / part
    raise NoSuchData(f"the pictures ({', '.join(names[:2])} …) are not in {images or folder}; name their folder with --images")
