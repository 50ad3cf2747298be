"""One trained RisCLIP as a pack of its own: its two graphs, its tokenizer, a threshold, and a card."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch

from ..configuration import Tuning
from ..measures import box_iou, mask_iou
from ..models.configured import Configured, from_checkpoint
from ..models.risclip import RisClip
from ..reference.answer import Answer
from ..reference.pack import Pack
from ..reference.risclip import RisClip as Reference
from ..sources.sample import Said, Sample
from .manifest import file_entries, tensor_rules
from .networks import count_parameters
from .onnx_file import fold_normalisation, round_weights, write_onnx
from .roles import RisClipGround, RisClipImage

CARD = "MODEL_CARD.md"
_GRAPHS = ("risclip-image", "risclip-ground")


def write_graphs(built: Configured, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    network = round_weights(fold_normalisation(built.network))
    size = built.image_rule["size"]
    pixels = torch.rand(1, 3, size[1], size[0])
    write_onnx(RisClipImage(network), (pixels,), folder / "risclip-image.onnx", ["pixel_values"], list(network.maps))
    with torch.no_grad():
        examples = (*network.lead(network.read_image(pixels)), torch.as_tensor(built.encode(["the one on the left"])))
    names = [*network.maps, "input_ids"]
    write_onnx(RisClipGround(network), examples, folder / "risclip-ground.onnx", names, ["locator_logits", "refined_logits"])
    (folder / built.token_rule["file"]).write_text(built.tokenizer.to_str() + "\n")


def _manifest(built: Configured, folder: Path, name: str, pack_id: str, version: str, data: str) -> dict:
    frozen = count_parameters(built.network.clip if isinstance(built.network, RisClip) else built.network.towers.clip)
    roles = {}
    for graph, rule in zip(_GRAPHS, ({"image": built.image_rule}, {"tokens": built.token_rule})):
        held = onnx.load(folder / f"{graph}.onnx").graph
        roles[graph] = {"file": f"{graph}.onnx", "inputs": tensor_rules(held.input), "outputs": tensor_rules(held.output), **rule}
    shape = built.configuration.network
    return {
        "schema": 1,
        "id": pack_id,
        "name": name,
        "version": version,
        "description": f"RisCLIP alone, {_kind(shape.clip, shape.adapters)}. Trained on: {data}.",
        "licence": "MIT",
        "provenance": f"Made by training/ from a frozen CLIP, which stayed as it was, and from {data}.",
        "demo": shape.clip == "tiny",
        "leakage": "",
        "files": {},
        "roles": roles,
        "methods": {
            "risclip": {
                "threshold": 0.5,
                "parametersTrained": count_parameters(built.network) - frozen,
                "parametersFrozen": frozen,
            }
        },
        "tuning": {},
        "measured": [],
    }


def _kind(clip: str, adapters: str) -> str:
    tower = "the tiny CLIP" if clip == "tiny" else "CLIP with a vision transformer"
    return f"adapters inside the frozen towers of {tower}" if adapters == "inside" else f"a ladder beside the frozen towers of {tower}"


def _save(manifest: dict, folder: Path) -> None:
    manifest["files"] = file_entries(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def _numbers(answer: Answer, said: Said) -> tuple[float, float]:
    """Box IoU and mask IoU."""
    if answer.box is None or answer.mask is None:
        return 0.0, 0.0
    x, y, width, height = said.box
    x0, y0, w, h = answer.box
    return box_iou((x0, y0, x0 + w, y0 + h), (x, y, x + width, y + height)), mask_iou(answer.mask, said.mask)


def tune(pack: Pack, samples: Sequence[Sample], thresholds: Sequence[float]) -> dict[float, dict[str, float]]:
    """For each threshold the share of right boxes and the mean mask IoU, by the engine's rules; the best is set in the pack.

    Best is the share of right boxes; between equal ones, the mean mask IoU, and then the earlier one.
    """
    settings = pack.settings("risclip")
    measured: dict[float, list[tuple[float, float]]] = {threshold: [] for threshold in thresholds}
    for sample in samples:
        grounding = Reference(pack, sample.picture)
        for said in sample.said:
            maps = grounding.look(said.text)
            for threshold in thresholds:
                settings["threshold"] = threshold
                measured[threshold].append(_numbers(grounding.answer(*maps), said))
    found = {}
    for threshold, rows in measured.items():
        boxes, masks = np.array(rows).T
        found[threshold] = {"accuracy@0.5": float((boxes >= 0.5).mean()), "mean mask IoU": float(masks.mean()), "count": len(rows)}
    settings["threshold"] = max(found, key=lambda value: (found[value]["accuracy@0.5"], found[value]["mean mask IoU"]))
    return found


def export_risclip_pack(
    checkpoint: Path,
    folder: Path,
    name: str,
    pack_id: str,
    version: str,
    samples: Sequence[Sample],
    data: str,
    tuning: Tuning | None = None,
) -> dict:
    """Writes the pack and returns its manifest. The threshold is tuned on `samples`, which `data` describes; without
    samples it stays at 0.5 and nothing is said to be measured."""
    built = from_checkpoint(checkpoint)
    about = torch.load(checkpoint, map_location="cpu").get("about") or {"data": "EmojiRef scenes"}
    write_graphs(built, folder)
    manifest = _manifest(built, folder, name, pack_id, version, about["data"])
    _save(manifest, folder)
    if samples:
        pack = Pack(folder)
        found = tune(pack, samples, (tuning or built.configuration.tuning).thresholds)
        threshold = pack.settings("risclip")["threshold"]
        manifest["methods"]["risclip"]["threshold"] = threshold
        manifest["tuning"] = {"risclip.threshold": {"value": threshold, "split": data}}
        manifest["measured"] = [
            {"method": "risclip", "metric": metric, "value": round(found[threshold][metric], 4), "data": data, "count": found[threshold]["count"]}
            for metric in ("accuracy@0.5", "mean mask IoU")
        ]  # fmt: skip
    (folder / CARD).write_text(_card(manifest, about))
    _save(manifest, folder)
    return manifest


def _card(manifest: dict, about: dict) -> str:
    settings = manifest["methods"]["risclip"]
    lines = [
        f"# {manifest['name']}",
        "",
        manifest["description"],
        "",
        f"- Licence of the trained part: {manifest['licence']}; the frozen CLIP has its own.",
        f"- Parameters: {settings['parametersTrained']:,} trained, {settings['parametersFrozen']:,} frozen.",
        f"- Pictures trained on: {about.get('pictures', 'see the demo pack')}. Began with: {about.get('start', 'fresh adapters')}.",
        f"- Threshold: {settings['threshold']}"
        + (f", chosen on {manifest['tuning']['risclip.threshold']['split']}." if manifest["tuning"] else ", not tuned."),
    ]
    for row in manifest["measured"]:
        lines.append(f"- {row['metric']} on {row['data']}: {row['value']} ({row['count']} expressions; the threshold was chosen on them).")
    return "\n".join(lines) + "\n"
