"""The model card that lies in the pack."""

from pathlib import Path

import torch

from ..emojiref.catalogue import CATEGORIES, COLOURS, HELD_OUT
from ..emojiref.statement import KINDS
from ..evaluate import METHODS, table
from .networks import Networks, count_parameters

_TITLES = {"yolo-clip": "YOLO + CLIP", "blip-sam": "BLIP + SAM", "risclip": "RisCLIP"}
_STEMS = {
    "detector": "from scratch; boxes, categories and colours of objects",
    "clip": "image stem from the detector; captions against object crops, and against the objects' masks in whole scenes",
    "sam": "stem from the detector; masks, from points, boxes and rough earlier masks",
    "blip": "stem, words and first layers from CLIP, the stem frozen; pairs of a true and a false sentence, no box and no mask",
    "risclip": "CLIP frozen; masks of the objects that expressions mean",
}


def _trainings(networks: Networks, runs: Path) -> list[str]:
    lines = [
        "| network | parameters trained | frozen | minutes | steps | starts from; learns from |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name, learns in _STEMS.items():
        network = getattr(networks, name)
        frozen = {"risclip": [networks.risclip.clip], "blip": [networks.blip.image.stem, networks.blip.image.project]}.get(name, [])
        still = count_parameters(*frozen)
        state = torch.load(runs / f"{name}.pt", map_location="cpu")
        numbers = f"{count_parameters(network) - still:,} | {still:,} | {state['seconds'] / 60:.0f} | {state['steps']:,}"
        lines.append(f"| {name} | {numbers} | {learns} |")
    return lines


def _notes(runs: Path) -> list[str]:
    """What a person wrote down about the trainings, in `notes.md` beside the checkpoints."""
    notes = runs / "notes.md"
    return [*notes.read_text().strip().splitlines(), ""] if notes.exists() else []


def write_card(path: Path, networks: Networks, runs: Path, manifest: dict, reports: dict[str, dict], data: str, scenes: int) -> None:
    """`reports`: per method what `evaluate` returned on `data`; `scenes`: how many the networks were trained on."""
    size = sum(file["bytes"] for file in manifest["files"].values())
    pairs = ", ".join(sorted(f"{colour} {category}" for category, colour in HELD_OUT))
    settings = [f"- `{name}` = {entry['value']}" for name, entry in manifest["tuning"].items()]
    results = [part for method in METHODS for part in (f"### {_TITLES[method]}", "", table(reports[method]), "")]
    lines = [
        "# EmojiRef small",
        "",
        "The demo pack of Grounding Workbench: nine small graphs for its three methods. They make the workbench complete",
        "and quick on a processor; they are not a result about real photographs.",
        "",
        f"- Licence: MIT. Size: {size / 1e6:.1f} MB. Input: 224 × 224 pixels, English phrases in EmojiRef's words.",
        f"- Knows {len(CATEGORIES)} categories of emoji in their own or {len(COLOURS)} painted colours, and nothing else.",
        "",
        "## Data",
        "",
        f"{scenes:,} scenes of EmojiRef, drawn by `training/` from the emoji of @lobehub/fluent-emoji-3d 1.1.0 (MIT), with",
        f"expressions of these kinds: {', '.join(KINDS)}. No other data, no weights from elsewhere.",
        "The shipped validation and test scenes have other seeds; the emoji, the colours and the sentence patterns are the",
        f"same, so results on them measure new scenes. Scenes with one of eight pairs were left out of the training: {pairs}.",
        "",
        "## Training",
        "",
        "Minutes are processor time of one core; each training used one thread and bfloat16 where it is safe.",
        "",
        *_trainings(networks, runs),
        "",
        *_notes(runs),
        "Boxes and labels reach every network through the detector's stem, also BLIP's, whose own training sees only pictures",
        "with true and false sentences.",
        "",
        "## Settings",
        "",
        "Chosen on the validation split, with the Python reference:",
        "",
        *settings,
        "",
        "## Results",
        "",
        f"On {data}, with the Python reference; single runs, one seed.",
        "",
        *results,
        "`chance given the category` is the accuracy of a guess among the objects of the right category.",
        "`proposal recall@0.5` is the share of expressions whose object some proposal covers: the ceiling of YOLO + CLIP.",
        "",
        "## Limits",
        "",
        "- Emoji scenes only: on photographs the answers mean nothing.",
        "- YOLO + CLIP sees each crop by itself. Size, place and relations are not in a crop, so on such expressions it can",
        "  only choose among the objects of the right category and colour, by chance.",
        "- BLIP's map is 14 × 14 cells and learnt without boxes; relations and negations are hardly learnt by it.",
        "- SAM returns one mask for a prompt, so there is no choice among masks.",
        "- Words that EmojiRef does not use are unknown and all look alike to the networks.",
        "- Masks and boxes are of the visible part of an object.",
    ]
    path.write_text("\n".join(lines) + "\n")
