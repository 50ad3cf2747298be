"""Adds the variant `int8` to a pack that lies in a folder: graphs beside the others, and an entry in the manifest."""

import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from ..dataset import Scene
from ..evaluate import METHODS, evaluate
from ..reference.pack import METHOD_ROLES, Pack
from .int8 import WORTHWHILE_SHARE, int8_share, is_convolutional, write_int8
from .int8_convolutions import Feeds
from .manifest import INT8_ENDING, file_entry, measured_entries

INT8 = "int8"
_DESCRIPTION = "Matrix products in 8 bits, with a scale a column: {}. The other graphs are the same."
_CONVOLUTIONS = "Convolutions in 8 bits, with ranges learnt from {} pictures: {}. "
_SPEED_SCENES, _SPEED_ROUNDS = 30, 3


def add_int8(folder: Path, roles: Sequence[str] | None = None, chosen: bool = False, pictures: Sequence[Path] = ()) -> dict:
    """Writes the graphs and the manifest, which it returns.

    `roles`: left out, those that have much to gain. `chosen`: the pack's default becomes the variant. `pictures`: like
    those to come; with them networks of convolutions gain too. An int8 variant that the pack has is replaced, and what
    was measured of it is forgotten.
    """
    manifest = json.loads((folder / "manifest.json").read_text())
    _remove(folder, manifest)
    sources = {role: folder / entry["file"] for role, entry in manifest["roles"].items()}
    unknown = sorted(set(roles or ()) - set(sources))
    if unknown:
        raise SystemExit(f"The pack has no role {', '.join(unknown)}.")
    chosen_roles = list(sources) if roles is None else roles
    convolutional = [role for role in chosen_roles if pictures and "image" in manifest["roles"][role] and is_convolutional(sources[role])]
    others = [role for role in chosen_roles if role not in convolutional]
    products = [role for role in others if roles is not None or int8_share(sources[role]) >= WORTHWHILE_SHARE]
    if not products and not convolutional:
        raise SystemExit("No graph of the pack has enough matrix products to gain from 8 bits.")
    pack = Pack(folder)
    files = {}
    for role in (*products, *convolutional):
        target = sources[role].with_suffix(INT8_ENDING)
        write_int8(sources[role], target, feeds=_feeds(pack, role, pictures) if role in convolutional else None)
        files[role] = target.name
        manifest["files"][target.name] = file_entry(target)
    description = _DESCRIPTION.format(", ".join(products) or "none")
    if convolutional:
        description = _CONVOLUTIONS.format(len(pictures), ", ".join(convolutional)) + description
    manifest.setdefault("variants", {})[INT8] = {"description": description, "files": files, "measured": [], "speed": []}
    if chosen:
        manifest["defaultVariant"] = INT8
    _write(folder, manifest)
    return manifest


def _feeds(pack: Pack, role: str, pictures: Sequence[Path]) -> Iterator[Feeds]:
    rule = pack.manifest["roles"][role]["image"]
    for picture in pictures:
        with Image.open(picture) as file:
            yield {rule["input"]: pack.pixels(role, file.convert("RGB"))}


def measure_int8(folder: Path, scenes: list[Scene], data: str) -> tuple[dict, dict[str, dict[str, dict]]]:
    """Measures both variants and notes accuracy and speed of int8 in the manifest.

    The plain variant's numbers are noted too where the manifest has none of `data`. Returns the manifest, and the
    reports of `evaluate` by method and variant; methods that int8 changes nothing of are left out.
    """
    manifest = json.loads((folder / "manifest.json").read_text())
    own = manifest["variants"][INT8]
    reports: dict[str, dict[str, dict]] = {}
    speed = []
    for method in METHODS:
        if method not in manifest["methods"] or not set(METHOD_ROLES[method]) & set(own["files"]):
            continue
        reports[method] = {
            name: evaluate(Pack(folder, variant=variant), scenes, method) for name, variant in (("float32", None), (INT8, INT8))
        }
        speed.append({"method": method, "factor": round(_speed(folder, scenes[:_SPEED_SCENES], method), 2), "data": _speed_note(data)})
    own["measured"] = measured_entries({method: report[INT8] for method, report in reports.items()}, data)
    own["speed"] = speed
    known = {(entry["method"], entry["metric"], entry["data"]) for entry in manifest["measured"]}
    plain = measured_entries({method: report["float32"] for method, report in reports.items()}, data)
    manifest["measured"] += [entry for entry in plain if (entry["method"], entry["metric"], entry["data"]) not in known]
    _write(folder, manifest)
    return manifest, reports


class _TimedPack(Pack):
    """Adds up the time in onnxruntime."""

    seconds = 0.0

    def run(self, role: str, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.session(role)
        start = time.perf_counter()
        try:
            return super().run(role, inputs)
        finally:
            self.seconds += time.perf_counter() - start


def _speed(folder: Path, scenes: list[Scene], method: str) -> float:
    """How many times as fast int8 is: the median over scenes, each answered by both in turn, best of three times."""
    packs = _TimedPack(folder), _TimedPack(folder, variant=INT8)
    factors = []
    for scene in scenes:
        best = [math.inf, math.inf]
        for _ in range(_SPEED_ROUNDS):
            for index, pack in enumerate(packs):
                pack.seconds = 0.0
                evaluate(pack, [scene], method)
                best[index] = min(best[index], pack.seconds)
        factors.append(best[0] / best[1])
    return float(np.median(factors))


def _speed_note(data: str) -> str:
    return f"{data}, time in onnxruntime {onnxruntime.__version__}, one thread"


def _remove(folder: Path, manifest: dict) -> None:
    for file in manifest.get("variants", {}).pop(INT8, {"files": {}})["files"].values():
        manifest["files"].pop(file, None)
        (folder / file).unlink(missing_ok=True)
    if manifest.get("defaultVariant") == INT8:
        del manifest["defaultVariant"]


def _write(folder: Path, manifest: dict) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
