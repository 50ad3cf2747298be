"""Writes the roles of each network: graphs, tokenizers and the fragment of the manifest."""

import math
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch._decomp import core_aten_decompositions
from torch.fx.experimental.proxy_tensor import make_fx
from transformers import BlipForImageTextRetrieval, CLIPModel

from ..export.networks import count_parameters
from ..export.onnx_file import fold_normalisation, write_onnx
from ..export.roles import RisClipGround, RisClipImage
from ..models.adapted import InsideRisClip, LadderRisClip
from . import blip, clip, sam
from .fragment import LEAKAGE, role_of, write_fragment
from .match_text import MatchText
from .tokenizers import bert_tokenizer, clip_tokenizer
from .yolox import COCO_CATEGORIES, STRIDES, Yolox

CLIP_TOKENIZER, BLIP_TOKENIZER, RISCLIP_TOKENIZER = "clip-tokenizer.json", "blip-tokenizer.json", "risclip-tokenizer.json"
_CLIP_GREY = [round(255 * mean) for mean in clip.MEAN]


def _example_ids(length: int, start: int, end: int) -> torch.Tensor:
    """[1, length]: a start, five words, an end and padding, as the engine sends them."""
    ids = torch.zeros(1, length, dtype=torch.long)
    ids[0, :7] = torch.tensor([start, 5, 6, 7, 8, 9, end])
    return ids


def image_rule(size: int, resize: str, filter_: str = "bilinear", scale: float = 1.0, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0)) -> dict:
    return {
        "input": "pixel_values", "size": [size, size], "resize": resize, "filter": filter_, "channels": "rgb", "scale": scale,
        "mean": list(mean), "std": list(std),
    }  # fmt: skip


def _clip_rule(size: int) -> dict:
    """What CLIP and BLIP share: 0 to 1, CLIP's mean and deviation, bicubic, squashed."""
    return image_rule(size, "squash", "bicubic", 1 / 255, clip.MEAN, clip.STD)


def export_yolox(network: Yolox, folder: Path, size: str, provenance: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    frame = network.shape.frame
    write_onnx(network, (torch.rand(1, 3, frame, frame) * 255,), folder / "detector.onnx", ["images"], ["output"])
    rule = image_rule(frame, "letterbox") | {"input": "images", "channels": "bgr", "pad": [114, 114, 114]}
    settings = {
        "strides": list(STRIDES), "categories": COCO_CATEGORIES[: network.shape.categories], "scoreThreshold": 0.05, "nmsIou": 0.6,
        "maximumProposals": 40,
    }  # fmt: skip
    roles = {"detector": role_of(folder, "detector", count_parameters(network), rule)}
    write_fragment(folder, f"YOLOX-{size}", "Apache-2.0", provenance, roles, {"yolo-clip": settings}, LEAKAGE)


def _clip_tokens(model: CLIPModel, file: str, template: str) -> dict:
    length = model.config.text_config.max_position_embeddings
    return {"file": file, "length": length, "pad": 0, "template": template, "clean": "clip"}


def _clip_ids(model: CLIPModel, count: int) -> torch.Tensor:
    text = model.config.text_config
    return _example_ids(text.max_position_embeddings, text.bos_token_id, text.eos_token_id).repeat(count, 1)


def export_clip(model: CLIPModel, vocabulary: Path, folder: Path, provenance: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    side = model.config.vision_config.image_size
    image, text = clip.ImageTower(model.eval()), clip.TextTower(model)
    crops = torch.rand(2, 3, side, side)
    write_onnx(image, (crops,), folder / "clip-image.onnx", ["pixel_values"], ["image_embeddings"], {"pixel_values": {0: "crops"}})
    free = {"input_ids": {0: "texts", 1: "tokens"}}
    most = {"tokens": model.config.text_config.max_position_embeddings}
    write_onnx(text, (_clip_ids(model, 2),), folder / "clip-text.onnx", ["input_ids"], ["text_embeddings"], free, most)
    clip_tokenizer(vocabulary).save(str(folder / CLIP_TOKENIZER))
    roles = {
        "clip-image": role_of(folder, "clip-image", count_parameters(image), _clip_rule(side)),
        "clip-text": role_of(folder, "clip-text", count_parameters(text), tokens=_clip_tokens(model, CLIP_TOKENIZER, "a photo of {}")),
    }
    settings = {
        "crop": {"shape": "box", "enlarge": 1.0, "fill": _CLIP_GREY},
        "logitScale": round(math.exp(model.logit_scale.item()), 3),
    }
    write_fragment(folder, "CLIP", "MIT", provenance, roles, {"yolo-clip": settings})


def export_blip(model: BlipForImageTextRetrieval, vocabulary: Path, folder: Path, block: int, provenance: str) -> None:
    """The text graph has Grad-CAM as ordinary operators: make_fx records the backward pass, which the exporter cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    side = model.config.vision_config.image_size
    image, text = blip.MatchImage(model.eval().requires_grad_(False)), MatchText(model, block)
    pixels = torch.rand(1, 3, side, side)
    write_onnx(image, (pixels,), folder / "blip-image.onnx", ["pixel_values"], ["image_embeds"])
    ids = _example_ids(blip.TEXT_LENGTH, 1, 2)
    with torch.no_grad():
        examples = (image(pixels), ids, (ids > 0).long())

    def explain(image_embeds: torch.Tensor, input_ids: torch.Tensor, attention_mask: torch.Tensor):
        return text(image_embeds, input_ids, attention_mask)

    # Symbolic: the length of the text stays free. The weights are no inputs of what is traced.
    traced = make_fx(explain, core_aten_decompositions(), "symbolic", _allow_non_fake_inputs=True)(*examples)
    names = ["image_embeds", "input_ids", "attention_mask"]
    free = {"input_ids": {1: "tokens"}, "attention_mask": {1: "tokens"}}
    outputs = ["itm_logits", "heat_map", "token_maps"]
    write_onnx(traced, examples, folder / "blip-text.onnx", names, outputs, free, {"tokens": blip.TEXT_LENGTH})
    bert_tokenizer(vocabulary).save(str(folder / BLIP_TOKENIZER))
    encode = model.config.text_config.vocab_size - 1  # [ENC] is the last token that LAVIS appends
    tokens = {"file": BLIP_TOKENIZER, "length": blip.TEXT_LENGTH, "pad": 0, "template": "{}", "clean": "blip", "firstToken": encode}
    parameters = count_parameters(text.encoder, text.head)
    roles = {
        "blip-image": role_of(folder, "blip-image", count_parameters(image), _clip_rule(side)),
        "blip-text": role_of(folder, "blip-text", parameters, tokens=tokens),
    }
    settings = {"gradcamLayer": block, "blur": 0.02, "points": 1, "negativePoints": 0, "maskChoice": "predicted-iou"}
    size = "large" if model.config.vision_config.hidden_size == blip.LARGE["width"] else "base"
    write_fragment(folder, f"BLIP-ITM {size}", "BSD-3-Clause", provenance, roles, {"blip-sam": settings}, LEAKAGE)


def export_segmenter(network: sam.Segmenter, folder: Path, name: str, provenance: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pixels = torch.randn(1, 3, network.frame, network.frame)
    write_onnx(network.image, (pixels,), folder / "sam-image.onnx", ["pixel_values"], ["image_embeddings"])
    side = network.frame // 4
    with torch.no_grad():
        points, labels = torch.rand(1, 3, 2) * network.frame, torch.tensor([[1.0, 0.0, -1.0]])
        examples = (network.image(pixels), points, labels, torch.zeros(1, 1, side, side), torch.zeros(1))
    names = ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input"]
    free = {"point_coords": {1: "points"}, "point_labels": {1: "points"}}
    write_onnx(network.decoder, examples, folder / "sam-decoder.onnx", names, ["low_res_masks", "iou_predictions"], free)
    rule = image_rule(network.frame, "longest-side", mean=sam.MEAN, std=sam.STD)
    roles = {
        "sam-image": role_of(folder, "sam-image", count_parameters(network.image), rule),
        "sam-decoder": role_of(folder, "sam-decoder", count_parameters(network.decoder)),
    }
    write_fragment(folder, name, "Apache-2.0", provenance, roles, {})


def export_risclip(network: InsideRisClip | LadderRisClip, tokenizer: Tokenizer, folder: Path, provenance: str) -> None:
    """With the threshold untuned; `pack-risclip` tunes it."""
    folder.mkdir(parents=True, exist_ok=True)
    model = fold_normalisation(network).towers.clip
    side = model.config.vision_config.image_size
    pixels = torch.rand(1, 3, side, side)
    write_onnx(RisClipImage(network), (pixels,), folder / "risclip-image.onnx", ["pixel_values"], list(network.maps))
    with torch.no_grad():
        examples = (*network.lead(network.read_image(pixels)), _clip_ids(model, 1))
    names = [*network.maps, "input_ids"]
    outputs, free = ["locator_logits", "refined_logits"], {"input_ids": {1: "tokens"}}
    most = {"tokens": model.config.text_config.max_position_embeddings}
    write_onnx(RisClipGround(network), examples, folder / "risclip-ground.onnx", names, outputs, free, most)
    tokenizer.save(str(folder / RISCLIP_TOKENIZER))
    frozen = count_parameters(model)
    trained = count_parameters(network) - frozen
    roles = {
        "risclip-image": role_of(folder, "risclip-image", count_parameters(model.vision_model, model.visual_projection), _clip_rule(side)),
        "risclip-ground": role_of(
            folder, "risclip-ground", trained + count_parameters(model.text_model), tokens=_clip_tokens(model, RISCLIP_TOKENIZER, "{}")
        ),
    }
    settings = {"threshold": 0.5, "parametersTrained": trained, "parametersFrozen": frozen}
    write_fragment(folder, "RisCLIP", "MIT", provenance, roles, {"risclip": settings})
