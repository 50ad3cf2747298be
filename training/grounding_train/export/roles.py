"""The nine graphs of a pack, with the tensor names that docs/packs.md fixes."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch._decomp import core_aten_decompositions
from torch.fx.experimental.proxy_tensor import make_fx

from ..models.blip import Matcher
from ..models.clip import Clip
from ..models.detector import FRAME, Detector, DetectorExport
from ..models.risclip import RisClip
from ..models.sam import MASK_SIZE, Sam
from ..text import TEXT_LENGTH, encode
from .onnx_file import write_onnx

CROP = 64
RISCLIP_MAPS = list(RisClip.maps)
SAM_MAPS = ["image_embeddings", "pixel_features", "edge_features"]


class RisClipImage(nn.Module):
    """What does not depend on the text; of any RisCLIP."""

    def __init__(self, network: RisClip):
        super().__init__()
        self.network = network

    def forward(self, pixel_values: Tensor):
        return self.network.lead(self.network.read_image(pixel_values))


class RisClipGround(nn.Module):
    """A picture's maps and a text's ids to the locator's and the refiner's logits; of any RisCLIP."""

    def __init__(self, network: RisClip):
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor):
        *led, ids = inputs
        located, refined = self.network.ground(tuple(led), ids)
        grid = self.network.grid
        return located.view(-1, 1, grid, grid), refined


def example_ids() -> Tensor:
    """[1, 24] with padding, as the engine sends them."""
    ids = encode(["the small red dog on the left"])
    return F.pad(ids, (0, TEXT_LENGTH - ids.shape[1]))


def export_detector(network: Detector, folder: Path) -> None:
    write_onnx(DetectorExport(network), (torch.rand(1, 3, FRAME, FRAME),), folder / "detector.onnx", ["images"], ["output"])


def export_clip(network: Clip, folder: Path) -> None:
    crops = torch.rand(3, 3, CROP, CROP)
    write_onnx(network.image, (crops,), folder / "clip-image.onnx", ["pixel_values"], ["image_embeddings"], {"pixel_values": {0: "crops"}})
    ids = example_ids().repeat(3, 1)
    write_onnx(network.text, (ids,), folder / "clip-text.onnx", ["input_ids"], ["text_embeddings"], {"input_ids": {0: "texts"}})


def export_blip(network: Matcher, folder: Path, layers: tuple[int, ...]) -> None:
    """The text graph holds the backward pass of Grad-CAM as ordinary operators.

    The exporter cannot record `autograd.grad` itself, but `make_fx` can: it traces the forward and the
    backward pass into one flat graph, which is then exported like any other.
    """
    network.requires_grad_(False)
    pixels = torch.rand(1, 3, FRAME, FRAME)
    write_onnx(network.image, (pixels,), folder / "blip-image.onnx", ["pixel_values"], ["image_embeds"])
    ids = example_ids()
    examples = (network.image(pixels), ids, (ids > 0).long())

    def explain(image_embeds: Tensor, input_ids: Tensor, attention_mask: Tensor):
        logits, heat, maps = network.text.explain(image_embeds, input_ids, attention_mask, layers)
        return logits, heat, maps

    traced = make_fx(explain, decomposition_table=core_aten_decompositions())(*examples)
    names = ["image_embeds", "input_ids", "attention_mask"]
    write_onnx(traced, examples, folder / "blip-text.onnx", names, ["itm_logits", "heat_map", "token_maps"])


def export_sam(network: Sam, folder: Path) -> None:
    pixels = torch.rand(1, 3, FRAME, FRAME)
    write_onnx(network.image, (pixels,), folder / "sam-image.onnx", ["pixel_values"], SAM_MAPS)
    points, labels = torch.rand(1, 3, 2) * FRAME, torch.tensor([[1.0, 0.0, -1.0]])
    examples = (*network.image(pixels), points, labels, torch.zeros(1, 1, MASK_SIZE, MASK_SIZE), torch.zeros(1))
    names = [*SAM_MAPS, "point_coords", "point_labels", "mask_input", "has_mask_input"]
    free = {"point_coords": {1: "points"}, "point_labels": {1: "points"}}
    write_onnx(network.decoder, examples, folder / "sam-decoder.onnx", names, ["low_res_masks", "iou_predictions"], free)


def export_risclip(network: RisClip, folder: Path) -> None:
    pixels = torch.rand(1, 3, FRAME, FRAME)
    write_onnx(RisClipImage(network), (pixels,), folder / "risclip-image.onnx", ["pixel_values"], RISCLIP_MAPS)
    examples = (*network.lead(network.read_image(pixels)), example_ids())
    names = [*RISCLIP_MAPS, "input_ids"]
    write_onnx(RisClipGround(network), examples, folder / "risclip-ground.onnx", names, ["locator_logits", "refined_logits"])
