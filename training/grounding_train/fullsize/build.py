"""Networks as they come: from a checkpoint of their authors, from a Hugging Face folder, or with random weights."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from transformers import BlipForImageTextRetrieval, CLIPModel, SamModel

from ..models.adapted import LadderRisClip
from ..models.towers import VitTowers
from . import blip, clip, sam
from .checkpoint import State, read_state
from .tinyvit import TinyVitShape
from .yolox import SHAPES, Yolox, load_yolox

LEVELS, LADDER_WIDTH = 4, 256


def _from_source(source: Path, model: type[nn.Module], of_original: Callable[[State], nn.Module]) -> nn.Module:
    if source.is_dir():
        loaded = model.from_pretrained(source, attn_implementation="eager", local_files_only=True, dtype=torch.float32)
        return loaded.eval()
    return of_original(read_state(source))


def clip_model(source: Path) -> CLIPModel:
    return _from_source(source, CLIPModel, clip.clip_of_original)


def blip_model(source: Path) -> BlipForImageTextRetrieval:
    return _from_source(source, BlipForImageTextRetrieval, blip.blip_of_original)


def sam_model(source: Path) -> sam.Segmenter:
    return sam.segmenter_of_sam(_from_source(source, SamModel, sam.sam_of_original))


def mobilesam_model(source: Path) -> sam.Segmenter:
    return sam.mobilesam_of_original(read_state(source)).segmenter()


def yolox_model(source: Path, size: str) -> Yolox:
    return load_yolox(read_state(source), size)


@torch.no_grad()
def random_weights(network: nn.Module, seed: int = 0) -> nn.Module:
    """The network with weights that make its outputs differ from place to place, for tests and measurements of speed.

    As initialised, many networks answer with zeros: position tables, biases and last projections are zero. The
    weights follow from the seed alone: networks built twice are equal.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in network.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if parameter.ndim > 1:
            parameter.copy_(noise * max(parameter[0].numel(), 1) ** -0.5)
        elif name.endswith("weight"):  # of a normalisation: about 1
            parameter.copy_(1 + noise * 0.02)
        else:
            parameter.copy_(noise * 0.02)
    for name, buffer in network.named_buffers():
        if name.endswith("positional_embedding"):  # SAM's random frequencies
            buffer.copy_(torch.randn(buffer.shape, generator=generator))
    return network.eval()


def random_clip(**sizes) -> CLIPModel:
    model = random_weights(CLIPModel(clip.clip_config(**sizes)))
    model.logit_scale.data.fill_(4.6)
    return model


def random_blip(**sizes) -> BlipForImageTextRetrieval:
    return random_weights(BlipForImageTextRetrieval(blip.blip_config(**sizes)))


def random_sam(**sizes) -> sam.Segmenter:
    return sam.segmenter_of_sam(random_weights(SamModel(sam.sam_config(**sizes))))


def random_mobilesam(shape: TinyVitShape | None = None) -> sam.Segmenter:
    return random_weights(sam.MobileSam(shape or TinyVitShape())).segmenter()


def random_yolox(size: str) -> Yolox:
    return random_weights(Yolox(SHAPES[size]))


def random_risclip(levels: int = LEVELS, ladder: int = LADDER_WIDTH, **sizes) -> LadderRisClip:
    return random_weights(LadderRisClip(VitTowers(random_clip(**sizes)), levels, ladder))
