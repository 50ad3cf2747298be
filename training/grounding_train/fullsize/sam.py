"""Segment Anything (Kirillov et al. 2023) and MobileSAM (Zhang et al. 2023), both Apache-2.0.

Prompt encoder and mask decoder are transformers' own classes; so is SAM's image encoder. MobileSAM's is `tinyvit.py`.
"""

import torch
from torch import Tensor, nn
from transformers import SamConfig, SamModel
from transformers.models.sam.modeling_sam import SamMaskDecoder, SamPromptEncoder

from .checkpoint import State, WrongCheckpoint, load_exactly, rename
from .tinyvit import TinyVit, TinyVitShape

MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)

VIT_SHAPES = {
    "base": {"width": 768, "layers": 12, "heads": 12, "spread": (2, 5, 8, 11)},
    "large": {"width": 1024, "layers": 24, "heads": 16, "spread": (5, 11, 17, 23)},
    "huge": {"width": 1280, "layers": 32, "heads": 16, "spread": (7, 15, 23, 31)},
}


def sam_config(width=768, layers=12, heads=12, spread=(2, 5, 8, 11), frame=1024, window=14) -> SamConfig:
    """`spread` names the layers whose attention spans the whole picture. Epsilons as in the original code."""
    grid = frame // 16
    return SamConfig(
        vision_config={
            "hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads, "mlp_dim": 4 * width, "image_size": frame,
            "global_attn_indexes": list(spread), "window_size": window,
        },
        prompt_encoder_config={"image_size": frame, "image_embedding_size": grid},
        mask_decoder_config={"layer_norm_eps": 1e-5},
        attn_implementation="eager",
    )  # fmt: skip


class SamImage(nn.Module):
    """Pixels [1, 3, S, S] to image embeddings [1, 256, S / 16, S / 16]."""

    def __init__(self, encoder: nn.Module):
        super().__init__()
        self.encoder = encoder

    def forward(self, pixel_values: Tensor) -> Tensor:
        found = self.encoder(pixel_values)
        return found if isinstance(found, Tensor) else found.last_hidden_state


class SamDecoder(nn.Module):
    """Image embeddings and prompts to three masks, by the contract of SAM's own ONNX decoder.

    Of SAM's four masks these are the three that it gives to an ambiguous prompt, as its predictor does.
    """

    def __init__(self, prompts: SamPromptEncoder, decoder: SamMaskDecoder):
        super().__init__()
        self.prompts, self.decoder = prompts, decoder
        side = prompts.image_embedding_size[0]
        ticks = (torch.arange(side) + 0.5) / side
        grid = torch.stack([ticks[None].expand(side, side), ticks[:, None].expand(side, side)], -1)
        with torch.no_grad():
            positions = prompts.shared_embedding(grid[None]).permute(0, 3, 1, 2)
        self.register_buffer("positions", positions, persistent=False)

    def _embed_points(self, coordinates: Tensor, labels: Tensor) -> Tensor:
        """[1, n, 2] in pixels of the frame and labels [1, n] to [1, 1, n, 256]."""
        places = self.prompts.shared_embedding((coordinates + 0.5)[:, None] / self.prompts.input_image_size)
        labels = labels[:, None, :, None]
        embedded = torch.where(labels == -1, self.prompts.not_a_point_embed.weight, places)
        for label, kind in enumerate(self.prompts.point_embed):
            embedded = embedded + (labels == label).to(embedded.dtype) * kind.weight
        return embedded

    def forward(
        self, image_embeddings: Tensor, point_coords: Tensor, point_labels: Tensor, mask_input: Tensor, has_mask_input: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits [1, 3, S / 4, S / 4] and predicted IoU [1, 3]."""
        blank = self.prompts.no_mask_embed.weight.view(1, -1, 1, 1)
        dense = has_mask_input * self.prompts.mask_embed(mask_input) + (1 - has_mask_input) * blank
        masks, quality = self.decoder(
            image_embeddings=image_embeddings,
            image_positional_embeddings=self.positions,
            sparse_prompt_embeddings=self._embed_points(point_coords, point_labels),
            dense_prompt_embeddings=dense,
            multimask_output=True,
        )
        return masks[:, 0], quality[:, 0]


class Segmenter(nn.Module):
    def __init__(self, encoder: nn.Module, prompts: SamPromptEncoder, decoder: SamMaskDecoder, frame: int):
        super().__init__()
        self.frame = frame
        self.image = SamImage(encoder)
        self.decoder = SamDecoder(prompts, decoder)


def segmenter_of_sam(model: SamModel) -> Segmenter:
    frame = model.config.vision_config.image_size
    return Segmenter(model.vision_encoder, model.prompt_encoder, model.mask_decoder, frame).eval()


def sam_of_original(state: State) -> SamModel:
    """SAM from Meta's own tensors; ViT-B, -L or -H follows from them."""
    if "image_encoder.pos_embed" not in state:
        raise WrongCheckpoint("This is no checkpoint of SAM: it lacks image_encoder.pos_embed.")
    width = state["image_encoder.pos_embed"].shape[-1]
    shape = next((shape for shape in VIT_SHAPES.values() if shape["width"] == width), None)
    if shape is None:
        raise WrongCheckpoint(f"SAM's image encoder is 768, 1024 or 1280 wide, not {width}.")
    model = SamModel(sam_config(**shape))
    load_exactly(model, {**convert_sam_encoder(state), **convert_sam_decoder(state)}, "SAM")
    return model.eval()


class MobileSam(nn.Module):
    """MobileSAM under the names that `convert_sam_decoder` gives."""

    def __init__(self, shape: TinyVitShape):
        super().__init__()
        config = sam_config(frame=shape.frame)
        self.frame = shape.frame
        self.image_encoder = TinyVit(shape)
        self.prompt_encoder = SamPromptEncoder(config)
        config.mask_decoder_config._attn_implementation = "eager"
        self.mask_decoder = SamMaskDecoder(config.mask_decoder_config)

    def segmenter(self) -> Segmenter:
        return Segmenter(self.image_encoder, self.prompt_encoder, self.mask_decoder, self.frame).eval()


def mobilesam_of_original(state: State) -> MobileSam:
    """MobileSAM from its own tensors (mobile_sam.pt); TinyViT's classifier in it is not used."""
    network = MobileSam(TinyVitShape())
    encoder = {name: value for name, value in state.items() if name.startswith("image_encoder.")}
    decoder = {name: value for name, value in convert_sam_decoder(state).items() if name != "shared_image_embedding.positional_embedding"}
    unused = r"image_encoder\.(norm_head\.|head\.|.*\.attention_bias_idxs$)"
    load_exactly(network, {**encoder, **decoder}, "MobileSAM", ignored=unused)
    return network.eval()


def convert_sam_encoder(state: State) -> State:
    """Meta's names of the image encoder to transformers'."""
    return rename(state, [
        (r"image_encoder\.pos_embed$", "vision_encoder.pos_embed"),
        (r"image_encoder\.patch_embed\.proj\.", "vision_encoder.patch_embed.projection."),
        (r"image_encoder\.blocks\.(\d+)\.norm([12])\.", r"vision_encoder.layers.\1.layer_norm\2."),
        (r"image_encoder\.blocks\.(\d+)\.(attn|mlp)\.", r"vision_encoder.layers.\1.\2."),
        (r"image_encoder\.neck\.0\.", "vision_encoder.neck.conv1."),
        (r"image_encoder\.neck\.1\.", "vision_encoder.neck.layer_norm1."),
        (r"image_encoder\.neck\.2\.", "vision_encoder.neck.conv2."),
        (r"image_encoder\.neck\.3\.", "vision_encoder.neck.layer_norm2."),
    ])  # fmt: skip


def convert_sam_decoder(state: State) -> State:
    """Meta's names of prompt encoder and mask decoder to transformers'; SAM and MobileSAM share them."""
    upscaling, quality = r"mask_decoder\.output_upscaling\.", r"mask_decoder\.iou_prediction_head\.layers\."
    hyper = r"mask_decoder\.output_hypernetworks_mlps\.(\d+)\.layers\."
    mlp = r"mask_decoder.output_hypernetworks_mlps.\1."
    converted = rename(state, [
        (r"prompt_encoder\.point_embeddings\.", "prompt_encoder.point_embed."),
        (r"prompt_encoder\.(not_a_point_embed|no_mask_embed)\.", r"prompt_encoder.\1."),
        *[(rf"prompt_encoder\.mask_downscaling\.{old}\.", f"prompt_encoder.mask_embed.{new}.")
          for old, new in ((0, "conv1"), (1, "layer_norm1"), (3, "conv2"), (4, "layer_norm2"), (6, "conv3"))],
        *[(rf"{upscaling}{old}\.", f"mask_decoder.{new}.")
          for old, new in ((0, "upscale_conv1"), (1, "upscale_layer_norm"), (3, "upscale_conv2"))],
        *[(rf"{quality}{old}\.", f"mask_decoder.iou_prediction_head.{new}.")
          for old, new in ((0, "proj_in"), (1, r"layers.0"), (2, "proj_out"))],
        *[(rf"{hyper}{old}\.", f"{mlp}{new}.") for old, new in ((0, "proj_in"), (1, "layers.0"), (2, "proj_out"))],
        (r"mask_decoder\.transformer\.norm_final_attn\.", "mask_decoder.transformer.layer_norm_final_attn."),
        (r"mask_decoder\.transformer\.layers\.(\d+)\.norm([1-4])\.", r"mask_decoder.transformer.layers.\1.layer_norm\2."),
        (r"mask_decoder\.(transformer|iou_token|mask_tokens)\.", r"mask_decoder.\1."),
    ])  # fmt: skip
    matrix = state.get("prompt_encoder.pe_layer.positional_encoding_gaussian_matrix")
    if matrix is not None:
        converted["shared_image_embedding.positional_embedding"] = matrix
        converted["prompt_encoder.shared_embedding.positional_embedding"] = matrix
    return converted
