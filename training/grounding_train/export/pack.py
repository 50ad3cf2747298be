"""Writes a pack: nine graphs, the tokenizer, the manifest and, for a trained one, the model card."""

import json
from multiprocessing import get_context
from pathlib import Path

import torch

from ..dataset import read_split
from ..evaluate import METHODS, evaluate
from ..reference.pack import Pack
from ..text import write_tokenizer
from ..tune import SPLIT, TUNE, tuning_entry
from . import roles
from .card import write_card
from .manifest import TOKENIZER, build_manifest, default_methods, measured_entries
from .networks import Networks

VERSION = "1.1.0"
CARD = "MODEL_CARD.md"


def write_graphs(networks: Networks, folder: Path, gradcam_layers: list[int]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    roles.export_detector(networks.detector, folder)
    roles.export_clip(networks.clip, folder)
    roles.export_blip(networks.blip, folder, tuple(gradcam_layers))
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


def _finish_method(job: tuple[str, Networks, Path, Path, str]) -> tuple[dict, dict]:
    """Tunes one method and measures it; returns its settings and its report."""
    method, networks, dataset, folder, split = job
    torch.set_num_threads(1)
    pack = Pack(folder)
    TUNE[method](pack, read_split(dataset, SPLIT), networks)
    tuned = Pack(folder)  # a new one, as tuning may have written another graph
    tuned.manifest["methods"] = pack.manifest["methods"]
    return tuned.settings(method), evaluate(tuned, read_split(dataset, split), method)


def finish_pack(networks: Networks, runs: Path, dataset: Path, folder: Path, split: str, scenes: int) -> dict[str, dict]:
    """Exports, tunes on the validation split, measures on `split`, and writes card and manifest.

    Each method has a process of its own. Returns the reports of `evaluate` by method.
    """
    export_pack(networks, folder)
    with get_context("spawn").Pool(len(METHODS)) as pool:
        found = pool.map(_finish_method, [(method, networks, dataset, folder, split) for method in METHODS], chunksize=1)
    methods = {method: settings for method, (settings, _) in zip(METHODS, found)}
    reports = {method: report for method, (_, report) in zip(METHODS, found)}
    data, tuning = f"EmojiRef {split}", tuning_entry(methods)
    manifest = write_manifest(networks, folder, methods, tuning, measured_entries(reports, data))
    write_card(folder / CARD, networks, runs, manifest, reports, f"{data} ({len(read_split(dataset, split))} scenes)", scenes)
    write_manifest(networks, folder, methods, tuning, manifest["measured"])
    return reports
