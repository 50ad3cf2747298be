"""The RisCLIP that a configuration describes, with the rules by which pixels and words reach it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from ..configuration import Configuration
from ..data import PIXEL_MEAN, PIXEL_STD
from ..emojiref.shards import MODEL_SIZE
from ..text import TEXT_LENGTH, tokenizer_json
from .adapted import InsideRisClip, LadderRisClip
from .clip import Clip
from .risclip import RisClip
from .towers import TinyTowers, VitTowers

Network = RisClip | InsideRisClip | LadderRisClip


class NoSuchClip(ValueError):
    """The frozen CLIP that was named cannot be used here."""


@dataclass(frozen=True)
class Configured:
    configuration: Configuration
    network: Network
    image_rule: dict  # as in a pack's manifest
    token_rule: dict
    tokenizer: Tokenizer
    parts: dict  # what builds the same again without CLIP's files: texts only

    def encode(self, texts: list[str]) -> np.ndarray:
        """int64 [n, length], by the rules of docs/packs.md"""
        length = self.token_rule["length"]
        padded = np.full((len(texts), length), self.token_rule["pad"], np.int64)
        for row, text in enumerate(texts):
            ids = self.tokenizer.encode(" ".join(text.lower().split())).ids
            ids = ids if len(ids) <= length else [*ids[: length - 1], ids[-1]]
            padded[row, : len(ids)] = ids
        return padded


def configured(configuration: Configuration, clip: Path | None, vocabulary: Path | None = None) -> Configured:
    """`clip`: the tiny CLIP's checkpoint (or the folder of runs that has it), or the full-size one's checkpoint or
    Hugging Face folder. None leaves the tiny one as initialised, for weights that come later."""
    if configuration.network.clip == "tiny":
        return _tiny(configuration, clip)
    if clip is None:
        raise NoSuchClip("name the frozen CLIP with --clip: a Hugging Face folder or OpenAI's checkpoint")
    from ..fullsize.build import clip_model
    from ..fullsize.tokenizers import clip_tokenizer

    return _vit(configuration, clip_model(clip), clip_tokenizer(vocabulary or clip).to_str())


def from_checkpoint(path: Path) -> Configured:
    """The trained network of a checkpoint of `train risclip`, which needs no other file."""
    from ..configuration import from_tables

    state = torch.load(path, map_location="cpu")
    about = state.get("about") or {}
    if "configuration" not in about:
        built = _tiny(Configuration(), None)  # the demo's own training
    elif about["configuration"]["network"]["clip"] == "tiny":
        built = _tiny(from_tables(about["configuration"]), None)
    else:
        from transformers import CLIPConfig, CLIPModel

        shape = CLIPConfig.from_dict(json.loads(about["parts"]["clip"]))
        shape._attn_implementation = "eager"
        built = _vit(from_tables(about["configuration"]), CLIPModel(shape), about["parts"]["tokenizer"])
    built.network.load_state_dict(state["network"])
    built.network.eval()
    return built


def _tiny(configuration: Configuration, clip: Path | None) -> Configured:
    shape = configuration.network
    network = RisClip() if shape.adapters == "ladder" else InsideRisClip(TinyTowers(Clip()), shape.fused, shape.shared, shape.post)
    if clip is not None:
        frozen = network.clip if isinstance(network, RisClip) else network.towers.clip
        frozen.load_state_dict(_tiny_weights(clip / "clip.pt" if clip.is_dir() else clip))
    image = {
        "input": "pixel_values", "size": [MODEL_SIZE, MODEL_SIZE], "resize": "squash", "filter": "bilinear", "channels": "rgb",
        "scale": 1 / 255, "mean": [PIXEL_MEAN] * 3, "std": [PIXEL_STD] * 3,
    }  # fmt: skip
    tokens = {"file": "tokenizer.json", "length": TEXT_LENGTH, "pad": 0, "template": "{}", "clean": "clip"}
    return Configured(configuration, network, image, tokens, Tokenizer.from_str(tokenizer_json()), {})


def _tiny_weights(path: Path) -> dict:
    """Of a checkpoint of the tiny CLIP, or of a RisCLIP, which holds its CLIP."""
    weights = torch.load(path, map_location="cpu")["network"]
    inside = {name.removeprefix("clip."): value for name, value in weights.items() if name.startswith("clip.")}
    return inside or weights


def _vit(configuration: Configuration, clip, tokenizer: str) -> Configured:
    from ..fullsize.clip import MEAN, STD

    shape, towers = configuration.network, VitTowers(clip)
    if shape.adapters == "ladder":
        network = LadderRisClip(towers, shape.levels, shape.width)
    else:
        network = InsideRisClip(towers, shape.fused, shape.shared, shape.post)
    side = clip.config.vision_config.image_size
    image = {
        "input": "pixel_values", "size": [side, side], "resize": "squash", "filter": "bicubic", "channels": "rgb",
        "scale": 1 / 255, "mean": list(MEAN), "std": list(STD),
    }  # fmt: skip
    length = clip.config.text_config.max_position_embeddings
    tokens = {"file": "tokenizer.json", "length": length, "pad": 0, "template": "{}", "clean": "clip"}
    parts = {"clip": clip.config.to_json_string(use_diff=False), "tokenizer": tokenizer}
    return Configured(configuration, network, image, tokens, Tokenizer.from_str(tokenizer), parts)
