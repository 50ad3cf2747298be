"""BLIP's image-text matching (Li et al. 2022, BSD-3-Clause) through transformers' own classes."""

from torch import Tensor, nn
from transformers import BlipConfig, BlipForImageTextRetrieval

from .checkpoint import State, WrongCheckpoint, load_exactly, rename

TEXT_LENGTH = 35
START_OF_SENTENCE, ENCODE = 30522, 30523  # [DEC] and [ENC], which LAVIS appends to BERT's vocabulary

BASE = {"width": 768, "layers": 12, "heads": 12}
LARGE = {"width": 1024, "layers": 24, "heads": 16}


def blip_config(
    width=768, layers=12, heads=12, side=384, text_width=768, text_layers=12, text_heads=12, words=30524, embedding=256
) -> BlipConfig:
    """Sizes and epsilons as LAVIS has them (transformers' defaults differ)."""
    return BlipConfig(
        vision_config={
            "hidden_size": width, "intermediate_size": 4 * width, "num_hidden_layers": layers, "num_attention_heads": heads,
            "image_size": side, "patch_size": 16, "layer_norm_eps": 1e-6, "hidden_act": "gelu",
        },
        text_config={
            "vocab_size": words, "hidden_size": text_width, "encoder_hidden_size": width, "intermediate_size": 4 * text_width,
            "num_hidden_layers": text_layers, "num_attention_heads": text_heads, "max_position_embeddings": 512,
            "layer_norm_eps": 1e-12, "hidden_act": "gelu", "is_decoder": True, "bos_token_id": START_OF_SENTENCE,
        },
        image_text_hidden_size=embedding,
        attn_implementation="eager",
    )  # fmt: skip


def blip_of_original(state: State) -> BlipForImageTextRetrieval:
    """BLIP from the tensors that LAVIS and the BLIP repository publish; base or large follows from them."""
    if "itm_head.weight" not in state or "visual_encoder.pos_embed" not in state:
        raise WrongCheckpoint("This is no checkpoint of BLIP's image-text matching: it lacks itm_head or visual_encoder.")
    _, positions, width = state["visual_encoder.pos_embed"].shape
    shape = next((shape for shape in (BASE, LARGE) if shape["width"] == width), None)
    if shape is None:
        raise WrongCheckpoint(f"BLIP's image encoder is 768 or 1024 wide, not {width}.")
    side = round((positions - 1) ** 0.5) * 16
    words = state["text_encoder.embeddings.word_embeddings.weight"].shape[0]
    model = BlipForImageTextRetrieval(blip_config(**shape, side=side, words=words, embedding=state["vision_proj.weight"].shape[0]))
    load_exactly(model, convert_blip(state), "BLIP's image-text matching", ignored=r".*position_ids$")
    return model.eval()


def convert_blip(state: State) -> State:
    """LAVIS's names to transformers'; momentum copies and queues are left out."""
    vision = r"vision_model."
    return rename(state, [
        (r"visual_encoder\.cls_token$", vision + "embeddings.class_embedding"),
        (r"visual_encoder\.pos_embed$", vision + "embeddings.position_embedding"),
        (r"visual_encoder\.patch_embed\.proj\.", vision + "embeddings.patch_embedding."),
        (r"visual_encoder\.norm\.", vision + "post_layernorm."),
        (r"visual_encoder\.blocks\.(\d+)\.norm([12])\.", vision + r"encoder.layers.\1.layer_norm\2."),
        (r"visual_encoder\.blocks\.(\d+)\.attn\.qkv\.", vision + r"encoder.layers.\1.self_attn.qkv."),
        (r"visual_encoder\.blocks\.(\d+)\.attn\.proj\.", vision + r"encoder.layers.\1.self_attn.projection."),
        (r"visual_encoder\.blocks\.(\d+)\.mlp\.", vision + r"encoder.layers.\1.mlp."),
        (r"text_encoder\.(embeddings|encoder)\.", r"text_encoder.\1."),
        (r"(vision_proj|text_proj|itm_head)\.", r"\1."),
    ])  # fmt: skip


class MatchImage(nn.Module):
    """Pixels [1, 3, 384, 384] to image embeddings [1, 577, width]."""

    def __init__(self, model: BlipForImageTextRetrieval):
        super().__init__()
        self.tower = model.vision_model

    def forward(self, pixel_values: Tensor) -> Tensor:
        x = self.tower.embeddings(pixel_values)
        for layer in self.tower.encoder.layers:
            x = layer(x)
        return self.tower.post_layernorm(x)
