"""Writes a pack: nine graphs, the tokenizer, the manifest and, for a trained one, the model card."""

import json
from pathlib import Path

from ..dataset import read_split
from ..evaluate import METHODS, evaluate
from ..reference.pack import Pack
from ..text import write_tokenizer
from ..tune import SPLIT, tune
from . import roles
from .card import write_card
from .manifest import TOKENIZER, build_manifest, default_methods
from .networks import Networks

VERSION = "1.0.0"
CARD = "MODEL_CARD.md"


def write_graphs(networks: Networks, folder: Path, gradcam_layer: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    roles.export_detector(networks.detector, folder)
    roles.export_clip(networks.clip, folder)
    roles.export_blip(networks.blip, folder, gradcam_layer)
    roles.export_sam(networks.sam, folder)
    roles.export_risclip(networks.risclip, folder)
    write_tokenizer(folder / TOKENIZER)


def write_manifest(networks: Networks, folder: Path, methods: dict, tuning: dict, measured: list[dict]) -> dict:
    manifest = build_manifest(networks, folder, VERSION, methods, tuning, measured)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def export_pack(networks: Networks, folder: Path) -> dict:
    """A pack with settings that nobody tuned and no measurements; returns its manifest."""
    methods = default_methods(networks)
    write_graphs(networks, folder, methods["blip-sam"]["gradcamLayer"])
    return write_manifest(networks, folder, methods, {}, [])


def measured_entries(reports: dict[str, dict], data: str) -> list[dict]:
    """The manifest's `measured` list: every number over all expressions, and the accuracy of each group."""
    entries = []
    for method, report in reports.items():
        for group, numbers in report.items():
            for metric, value in numbers.items():
                if metric == "count" or (group != "all" and metric != "accuracy@0.5"):
                    continue
                part = data if group == "all" else f"{data}, {group}"
                entries.append({"method": method, "metric": metric, "value": round(value, 4), "data": part, "count": numbers["count"]})
    return entries


def finish_pack(networks: Networks, runs: Path, dataset: Path, folder: Path, split: str, scenes: int) -> dict[str, dict]:
    """Exports, tunes on the validation split, measures on `split`, and writes card and manifest.

    Returns the reports of `evaluate` by method.
    """
    methods = export_pack(networks, folder)["methods"]
    pack = Pack(folder)
    tuning = tune(pack, read_split(dataset, SPLIT), networks)
    tuned = pack.manifest["methods"]
    if tuned["blip-sam"]["gradcamLayer"] != methods["blip-sam"]["gradcamLayer"]:
        roles.export_blip(networks.blip, folder, tuned["blip-sam"]["gradcamLayer"])
    write_manifest(networks, folder, tuned, tuning, [])
    chosen = read_split(dataset, split)
    reports = {method: evaluate(Pack(folder), chosen, method) for method in METHODS}
    data = f"EmojiRef {split}"
    manifest = write_manifest(networks, folder, tuned, tuning, measured_entries(reports, data))
    write_card(folder / CARD, networks, runs, manifest, reports, f"{data} ({len(chosen)} scenes)", scenes)
    write_manifest(networks, folder, tuned, tuning, manifest["measured"])
    return reports
