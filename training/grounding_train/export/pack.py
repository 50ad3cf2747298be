"""Writes a pack: nine graphs, the tokenizer and the manifest."""

import json
from pathlib import Path

from ..text import write_tokenizer
from . import roles
from .manifest import TOKENIZER, build_manifest, default_methods
from .networks import Networks

VERSION = "1.0.0"


def write_graphs(networks: Networks, folder: Path, gradcam_layer: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    roles.export_detector(networks.detector, folder)
    roles.export_clip(networks.clip, folder)
    roles.export_blip(networks.blip, folder, gradcam_layer)
    roles.export_sam(networks.sam, folder)
    roles.export_risclip(networks.risclip, folder)
    write_tokenizer(folder / TOKENIZER)


def write_manifest(
    networks: Networks, folder: Path, methods: dict | None = None, tuning: dict | None = None, measured: list | None = None
) -> None:
    manifest = build_manifest(networks, folder, VERSION, methods or default_methods(networks), tuning or {}, measured or [])
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def export_pack(networks: Networks, folder: Path) -> None:
    """A pack with settings that nobody tuned and no measurements."""
    write_graphs(networks, folder, default_methods(networks)["blip-sam"]["gradcamLayer"])
    write_manifest(networks, folder)
