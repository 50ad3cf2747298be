"""Opens a model pack: manifest, ONNX sessions, tokenizers."""

import json
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from tokenizers import Tokenizer

from .preprocess import image_to_tensor

METHOD_ROLES = {
    "yolo-clip": ("detector", "clip-image", "clip-text"),
    "blip-sam": ("blip-image", "blip-text", "sam-image", "sam-decoder"),
    "risclip": ("risclip-image", "risclip-ground"),
}


def clean(text: str, rule: str) -> str:
    """The expression as its model was trained to see it: `clip`, `blip` or `none` (docs/packs.md)."""
    if rule == "none":
        return text
    if rule == "blip":
        return " ".join(re.sub(r'[.!"()*#:;~]', " ", text.lower()).split()[:50])
    return " ".join(text.lower().split())


class Pack:
    """`variant`: one that the manifest names; left out, the roles as they are listed."""

    def __init__(self, folder: Path, threads: int = 1, variant: str | None = None):
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self._own = self.manifest["variants"][variant]["files"] if variant else {}
        self._threads = threads
        self.session = lru_cache(maxsize=None)(self._session)
        self.tokenizer = lru_cache(maxsize=None)(self._tokenizer)

    def _session(self, role: str) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        file = self.folder / self._own.get(role, self.manifest["roles"][role]["file"])
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def _tokenizer(self, file: str) -> Tokenizer:
        return Tokenizer.from_file(str(self.folder / file))

    def settings(self, method: str) -> dict:
        return self.manifest["methods"][method]

    def run(self, role: str, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        session = self.session(role)
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, session.run(names, inputs)))

    def pixels(self, role: str, picture: Image.Image) -> np.ndarray:
        return image_to_tensor(picture, self.manifest["roles"][role]["image"])

    def encode_image(self, role: str, picture: Image.Image) -> dict[str, np.ndarray]:
        return self.run(role, {self.manifest["roles"][role]["image"]["input"]: self.pixels(role, picture)})

    def text(self, role: str, text: str) -> tuple[np.ndarray, np.ndarray]:
        """int64 ids and attention mask [1, t] as the role's graph takes them: padded, unless it takes any length."""
        ids, mask = self.tokens(role, text)
        if self.manifest["roles"][role]["inputs"]["input_ids"]["shape"][-1] != -1:
            return ids, mask
        count = max(1, int(mask.sum()))
        return ids[:, :count], mask[:, :count]

    def tokens(self, role: str, text: str) -> tuple[np.ndarray, np.ndarray]:
        """int64 ids and attention mask [1, length]; the last token survives cutting."""
        rule = self.manifest["roles"][role]["tokens"]
        ids = self.tokenizer(rule["file"]).encode(rule["template"].replace("{}", clean(text, rule["clean"]))).ids
        length = rule["length"]
        if len(ids) > length:
            ids = [*ids[: length - 1], ids[-1]]
        if "firstToken" in rule:
            ids[0] = rule["firstToken"]
        padded = np.full((1, length), rule["pad"], np.int64)
        padded[0, : len(ids)] = ids
        mask = np.zeros((1, length), np.int64)
        mask[0, : len(ids)] = 1
        return padded, mask
