"""CLIP (Radford et al. 2021, MIT) through transformers' own classes, as the two towers that a pack has."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPModel

from ..models.layers import at_end
from .checkpoint import State, WrongCheckpoint, load_exactly, rename
from .few_queries import collect, split_heads, spread

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
TEXT_LENGTH = 77
START, END = 49406, 49407

VIT_B16 = {"width": 768, "layers": 12, "patch": 16, "side": 224, "text_width": 512, "text_layers": 12, "embedding": 512}

_BLOCK_RULES = [
    (r"(.*\.)?resblocks\.(\d+)\.attn\.out_proj\.", r"encoder.layers.\2.self_attn.out_proj."),
    (r"(.*\.)?resblocks\.(\d+)\.ln_([12])\.", r"encoder.layers.\2.layer_norm\3."),
    (r"(.*\.)?resblocks\.(\d+)\.mlp\.c_fc\.", r"encoder.layers.\2.mlp.fc1."),
    (r"(.*\.)?resblocks\.(\d+)\.mlp\.c_proj\.", r"encoder.layers.\2.mlp.fc2."),
    (r"(.*\.)?resblocks\.(\d+)\.attn\.([qkv])_proj\.", r"encoder.layers.\2.self_attn.\3_proj."),
]


def clip_config(width=768, layers=12, patch=16, side=224, text_width=512, text_layers=12, embedding=512, words=49408) -> CLIPConfig:
    """Heads are 64 wide, as in every published CLIP with a vision transformer."""
    return CLIPConfig(
        vision_config={
            "hidden_size": width, "intermediate_size": 4 * width, "num_hidden_layers": layers, "num_attention_heads": max(width // 64, 1),
            "image_size": side, "patch_size": patch, "projection_dim": embedding,
        },
        text_config={
            "hidden_size": text_width, "intermediate_size": 4 * text_width, "num_hidden_layers": text_layers,
            "num_attention_heads": max(text_width // 64, 1), "max_position_embeddings": TEXT_LENGTH, "vocab_size": words,
            "projection_dim": embedding, "bos_token_id": START, "eos_token_id": END,
        },
        projection_dim=embedding,
        attn_implementation="eager",
    )  # fmt: skip


def clip_of_original(state: State) -> CLIPModel:
    """CLIP from OpenAI's own tensors; its sizes follow from theirs. Only vision transformers."""
    if "visual.proj" not in state:
        raise WrongCheckpoint("This is no checkpoint of a CLIP with a vision transformer: it lacks visual.proj.")
    width, patch = state["visual.conv1.weight"].shape[0], state["visual.conv1.weight"].shape[-1]
    grid = round((state["visual.positional_embedding"].shape[0] - 1) ** 0.5)
    text_width, embedding = state["text_projection"].shape
    blocks = [{name.split(".")[i] for name in state if name.startswith(start)} for start, i in (("visual.transformer.resblocks.", 3), ("transformer.resblocks.", 2))]  # fmt: skip
    words = state["token_embedding.weight"].shape[0]
    model = CLIPModel(clip_config(width, len(blocks[0]), patch, grid * patch, text_width, len(blocks[1]), embedding, words))
    load_exactly(model, convert_clip(state), "CLIP")
    return model.eval()


def convert_clip(state: State) -> State:
    """OpenAI's names to transformers'."""
    split = {}
    for name, value in state.items():
        if name.endswith(("in_proj_weight", "in_proj_bias")):
            kind = name.rsplit("_", 1)[1]
            for letter, part in zip("qkv", value.chunk(3)):
                split[name.replace(f"in_proj_{kind}", f"{letter}_proj.{kind}")] = part
        else:
            split[name] = value
    vision = {name.removeprefix("visual."): value for name, value in split.items() if name.startswith("visual.")}
    text = {name: value for name, value in split.items() if not name.startswith("visual.")}
    converted = rename(vision, [
        (r"class_embedding$", "embeddings.class_embedding"),
        (r"positional_embedding$", "embeddings.position_embedding.weight"),
        (r"conv1\.", "embeddings.patch_embedding."),
        (r"ln_pre\.", "pre_layrnorm."),
        (r"ln_post\.", "post_layernorm."),
        *_BLOCK_RULES,
    ])  # fmt: skip
    words = rename(text, [
        (r"token_embedding\.", "embeddings.token_embedding."),
        (r"positional_embedding$", "embeddings.position_embedding.weight"),
        (r"ln_final\.", "final_layer_norm."),
        *_BLOCK_RULES,
    ])  # fmt: skip
    return {
        **{f"vision_model.{name}": value for name, value in converted.items()},
        **{f"text_model.{name}": value for name, value in words.items()},
        "visual_projection.weight": state["visual.proj"].T.contiguous(),
        "text_projection.weight": state["text_projection"].T.contiguous(),
        "logit_scale": state["logit_scale"],
    }


def resize_positions(model: CLIPModel, side: int) -> None:
    """Makes the image tower take pictures of `side` pixels: its position embeddings are interpolated (bicubic)."""
    embeddings = model.vision_model.embeddings
    if side == embeddings.image_size:
        return
    weight = embeddings.position_embedding.weight.data
    old, new = round((len(weight) - 1) ** 0.5), side // embeddings.patch_size
    grid = weight[1:].T.reshape(1, -1, old, old)
    grid = F.interpolate(grid, size=(new, new), mode="bicubic", align_corners=False).flatten(2)[0].T
    embeddings.position_embedding = nn.Embedding.from_pretrained(torch.cat([weight[:1], grid]))
    embeddings.num_positions, embeddings.num_patches, embeddings.image_size = new * new + 1, new * new, side
    embeddings.register_buffer("position_ids", torch.arange(new * new + 1)[None], persistent=False)
    model.config.vision_config.image_size = side


class ImageTower(nn.Module):
    """Pixels [n, 3, h, w] to embeddings [n, 512], not normalised."""

    def __init__(self, model: CLIPModel):
        super().__init__()
        self.tower, self.projection = model.vision_model, model.visual_projection

    def forward(self, pixel_values: Tensor) -> Tensor:
        x = self.tower.pre_layrnorm(self.tower.embeddings(pixel_values))
        *layers, last = self.tower.encoder.layers
        for layer in layers:
            x = layer(x, None)
        return self.projection(self.tower.post_layernorm(_class_token(last, x)))


def _class_token(layer: nn.Module, x: Tensor) -> Tensor:
    """What a layer makes of the first of its tokens [n, t, width]: [n, width]. Of the last layer only that is used."""
    own, seen = layer.self_attn, layer.layer_norm1(x)
    attention = spread(split_heads(own.q_proj(seen[:, :1]), own.num_heads), own.k_proj, seen)
    token = (x[:, :1] + own.out_proj(collect(attention, own.v_proj, seen)))[:, 0]
    return token + layer.mlp(layer.layer_norm2(token))


class TextTower(nn.Module):
    """Token ids [n, t], padded with 0, to embeddings [n, 512], not normalised.

    `t` may be any length up to 77: what follows a text's end token changes nothing of it.
    """

    def __init__(self, model: CLIPModel):
        super().__init__()
        self.tower, self.projection = model.text_model, model.text_projection
        length = model.config.text_config.max_position_embeddings
        self.register_buffer("causal", torch.full((1, 1, length, length), -1e4).triu(1), persistent=False)

    def forward(self, input_ids: Tensor) -> Tensor:
        x, length = self.tower.embeddings(input_ids), input_ids.shape[1]
        causal = self.causal[:, :, :length, :length]
        for layer in self.tower.encoder.layers:
            x = layer(x, causal)
        # The end token, whose id is the highest, stands for the text.
        return self.projection(at_end(self.tower.final_layer_norm(x), input_ids))
