"""The three methods in plain PyTorch: what one would run without the workbench, to measure the engine against.

Every role of a pack is its network's own class, called as its users call it, without compilation; pictures are encoded
once. Weights are the random ones of `export … --random`, so that both sides have the same work: the same proposals,
the same texts, the same answers.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BlipForImageTextRetrieval

from ..models.adapted import LadderRisClip
from ..reference.pack import Pack
from . import blip, build

Tensors = dict[str, Tensor]
Role = Callable[..., Tensors]
"""Takes a role's inputs by their names and gives its outputs by theirs."""


def hooked_gradcam(
    model: BlipForImageTextRetrieval, image_embeds: Tensor, input_ids: Tensor, attention_mask: Tensor, block: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Logits [1, 2], heat map [h, w] and token maps [t, h, w] of one pair, as LAVIS's compute_gradcam: a hook on the
    model's own attention, and a backward pass from the match logit."""
    kept = []
    attention = model.text_encoder.encoder.layer[block].crossattention.self

    def keep(_module, _inputs, outputs):
        outputs[1].retain_grad()
        kept.append(outputs[1])

    handle = attention.register_forward_hook(keep)
    with torch.enable_grad():
        seen = {"encoder_hidden_states": image_embeds.requires_grad_(True), "encoder_attention_mask": torch.ones(image_embeds.shape[:2])}
        states = model.text_encoder(input_ids=input_ids, attention_mask=attention_mask, **seen).last_hidden_state
        logits = model.itm_head(states[:, 0])
        logits[:, 1].sum().backward()
    handle.remove()
    (weights,) = kept
    side = round((weights.shape[-1] - 1) ** 0.5)
    maps = (weights * weights.grad.clamp(min=0))[0, :, :, 1:].mean(0).view(-1, side, side) * attention_mask[0, :, None, None]
    words = int(attention_mask.sum()) - 2
    return logits.detach(), maps[1 : words + 1].mean(0).detach(), maps.detach()


def _yolo_clip() -> dict[str, Role]:
    detector, clip = build.random_yolox("s"), build.random_clip()
    return {
        "detector": lambda images: {"output": detector(images)},
        "clip-image": lambda pixel_values: {"image_embeddings": clip.get_image_features(pixel_values).pooler_output},
        "clip-text": lambda input_ids: {"text_embeddings": clip.get_text_features(input_ids).pooler_output},
    }


def _blip_sam(block: int) -> dict[str, Role]:
    model, segmenter = build.random_blip(**blip.BASE).requires_grad_(False), build.random_mobilesam()

    def look(image_embeds: Tensor, input_ids: Tensor, attention_mask: Tensor) -> Tensors:
        logits, heat, _ = hooked_gradcam(model, image_embeds, input_ids, attention_mask, block)
        return {"itm_logits": logits, "heat_map": heat[None]}

    return {
        "blip-image": lambda pixel_values: {"image_embeds": model.vision_model(pixel_values).last_hidden_state},
        "blip-text": look,
        "sam-image": lambda pixel_values: {"image_embeddings": segmenter.image(pixel_values)},
        "sam-decoder": _in_order(segmenter.decoder, ["low_res_masks", "iou_predictions"]),
    }


def _risclip() -> dict[str, Role]:
    network: LadderRisClip = build.random_risclip()

    def ground(input_ids: Tensor, **maps: Tensor) -> Tensors:
        located, refined = network.ground(tuple(maps[name] for name in network.maps), input_ids)
        return {"locator_logits": located.unflatten(1, (1, network.grid, network.grid)), "refined_logits": refined}

    def encode(pixel_values: Tensor) -> Tensors:
        return dict(zip(network.maps, network.lead(network.read_image(pixel_values))))

    return {"risclip-image": encode, "risclip-ground": ground}


def _in_order(network: nn.Module, outputs: list[str]) -> Role:
    """For a network whose inputs come in the order of its graph's."""
    return lambda **inputs: dict(zip(outputs, network(*inputs.values())))


class EagerPack(Pack):
    """A pack's rules, with PyTorch in place of its graphs."""

    bfloat16 = False
    """Whether matrices are multiplied in bfloat16 (autocast); may be changed between answers."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        block = self.manifest["methods"]["blip-sam"]["gradcamLayer"]
        self._roles = _yolo_clip() | _blip_sam(block) | _risclip()

    def text(self, role: str, text: str) -> tuple[np.ndarray, np.ndarray]:
        """As the networks' own tokenizers make them: CLIP's fills all of its places, BLIP's as many as the text has."""
        ids, mask = self.tokens(role, text)
        count = int(mask.sum()) if role == "blip-text" else ids.shape[1]
        return ids[:, :count], mask[:, :count]

    def run(self, role: str, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        tensors = {name: torch.from_numpy(value) for name, value in inputs.items()}
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16):
            outputs = self._roles[role](**tensors)
        return {name: value.float().numpy() for name, value in outputs.items()}
