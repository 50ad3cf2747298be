"""The manifest of a pack (docs/packs.md): what each file is, and how its numbers are to be read."""

import hashlib
import math
from pathlib import Path

import onnx

from ..data import PIXEL_MEAN, PIXEL_STD
from ..emojiref.catalogue import CATEGORY_NAMES
from ..emojiref.shards import CROP_RULE
from ..evaluate import CHANCE
from ..models.detector import FRAME, STRIDE
from ..text import TEXT_LENGTH
from .networks import Networks, count_parameters
from .roles import CROP

TOKENIZER = "tokenizer.json"
INT8_ENDING = ".int8.onnx"
_TYPES = {onnx.TensorProto.FLOAT: "float32", onnx.TensorProto.INT64: "int64"}
_DESCRIPTION = (
    "Small networks for the three methods, trained from scratch on the synthetic scenes of EmojiRef. "
    "They know 44 kinds of emoji and the words of its expressions, and nothing of photographs."
)
_PROVENANCE = (
    "Trained on scenes that training/ draws from the emoji of @lobehub/fluent-emoji-3d 1.1.0 (MIT); no other data and no "
    "weights from elsewhere. The detector learnt from boxes, categories and colours; CLIP's image stem starts from the "
    "detector's and learnt from crops, captions and masks; BLIP's stem is CLIP's, frozen, so labels and boxes reach it "
    "too, although its own training sees only true and false sentences; SAM's stem starts from the detector's and learnt "
    "from masks; RisCLIP keeps CLIP frozen and learnt its adapters, locator and refiner from masks."
)
_LEAKAGE = (
    "EmojiRef's splits are other scenes than the training's, but of the same emoji, colours and sentence patterns: "
    "results on it measure new scenes, not new objects or new language. Only eight pairs of category and colour "
    "(such as a blue dog) were shown in no training scene."
)


def file_entry(path: Path) -> dict:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def file_entries(folder: Path) -> dict[str, dict]:
    """Entries of a fresh pack's files; graphs of a variant, which are of what lay here before, are none of them."""
    names = sorted(path.name for path in folder.iterdir() if path.name != "manifest.json" and not path.name.endswith(INT8_ENDING))
    return {name: file_entry(folder / name) for name in names}


def _image_rule(role: str) -> dict:
    resize = {"detector": "letterbox", "sam-image": "longest-side"}.get(role, "squash")
    side = CROP if role == "clip-image" else FRAME
    rule = {
        "input": "images" if role == "detector" else "pixel_values",
        "size": [side, side],
        "resize": resize,
        "filter": "bilinear",
        "channels": "rgb",
        "scale": 1 / 255,
        "mean": [PIXEL_MEAN] * 3,
        "std": [PIXEL_STD] * 3,
    }
    return rule | ({"pad": [127, 127, 127]} if resize == "letterbox" else {})


def tensor_rules(values) -> dict:
    """Types and shapes of a graph's inputs or outputs; -1 for a free dimension."""
    found = {}
    for value in values:
        tensor = value.type.tensor_type
        shape = [axis.dim_value if axis.HasField("dim_value") else -1 for axis in tensor.shape.dim]
        found[value.name] = {"type": _TYPES[tensor.elem_type], "shape": shape}
    return found


def _role(name: str, networks: Networks, folder: Path) -> dict:
    graph = onnx.load(folder / f"{name}.onnx").graph
    role = {
        "file": f"{name}.onnx",
        "parameters": count_parameters(*networks.parts()[name]),
        "inputs": tensor_rules(graph.input),
        "outputs": tensor_rules(graph.output),
    }
    if name == "detector" or name.endswith("-image"):
        role["image"] = _image_rule(name)
    if "input_ids" in role["inputs"]:
        role["tokens"] = {"file": TOKENIZER, "length": TEXT_LENGTH, "pad": 0, "template": "{}", "clean": "clip"}
    return role


def default_methods(networks: Networks) -> dict:
    """Settings before anything is tuned."""
    return {
        "yolo-clip": {
            "strides": [STRIDE],
            "categories": list(CATEGORY_NAMES),
            "scoreThreshold": 0.1,
            "nmsIou": 0.6,
            "maximumProposals": 40,
            "crop": {**CROP_RULE, "fill": list(CROP_RULE["fill"])},
            "logitScale": round(math.exp(networks.clip.log_scale.item()), 3),
        },
        "blip-sam": {"gradcamLayer": [0, 1, 2, 3], "blur": 0.02, "points": 1, "negativePoints": 0, "maskChoice": "predicted-iou"},
        "risclip": {
            "threshold": 0.5,
            "parametersTrained": count_parameters(networks.risclip.locator, networks.risclip.refiner),
            "parametersFrozen": count_parameters(networks.risclip.clip),
        },
    }


def measured_entries(reports: dict[str, dict], data: str) -> list[dict]:
    """The manifest's `measured` list: every number over all expressions, and the accuracy of each group."""
    entries = []
    for method, report in reports.items():
        for group, numbers in report.items():
            for metric, value in numbers.items():
                if metric in ("count", CHANCE) or (group != "all" and metric != "accuracy@0.5"):
                    continue
                part = data if group == "all" else f"{data}, {group}"
                entries.append({"method": method, "metric": metric, "value": round(value, 4), "data": part, "count": numbers["count"]})
    return entries


def build_manifest(networks: Networks, folder: Path, version: str, methods: dict, tuning: dict, measured: list[dict]) -> dict:
    """The manifest of the files that lie in `folder` now."""
    return {
        "schema": 1,
        "id": "emojiref-small",
        "name": "EmojiRef small",
        "version": version,
        "description": _DESCRIPTION,
        "licence": "MIT",
        "provenance": _PROVENANCE,
        "demo": True,
        "leakage": _LEAKAGE,
        "files": file_entries(folder),
        "roles": {name: _role(name, networks, folder) for name in networks.parts()},
        "methods": methods,
        "tuning": tuning,
        "measured": measured,
    }
