"""The two frozen towers of a CLIP, opened up so that adapters can work inside them or beside them.

Both classes answer the same calls: `TinyTowers` for the CLIP of the demo pack, `VitTowers` for CLIP with a vision
transformer (transformers' CLIPModel). A layer is handed out in its two halves, attention and feed-forward, each
as what it would add to the tokens.
"""

import torch
from torch import Tensor, nn

from .clip import EMBEDDING, LAYERS, WIDTH, Clip, text_mask
from .layers import at_end
from .risclip import GRID


class TinyTowers(nn.Module):
    image_width, text_width, embedding, layers, grid = WIDTH, WIDTH, EMBEDDING, LAYERS, GRID

    def __init__(self, clip: Clip):
        super().__init__()
        self.clip = clip.requires_grad_(False)

    def start_image(self, pixels: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Tokens before the first layer, and the stem's maps at strides 8, 4 and 2."""
        tower = self.clip.image
        stride2 = tower.stem.stride4[0](pixels)
        stride4 = tower.stem.stride4[2](tower.stem.stride4[1](stride2))
        stride8 = tower.stem.stride8(stride4)
        return tower.tokens(tower.project(tower.stem.stride16(stride8))), (stride8, stride4, stride2)

    def image_attention(self, layer: int, x: Tensor) -> Tensor:
        block = self.clip.image.blocks[layer]
        return block.attention(block.attention_norm(x))

    def image_forward(self, layer: int, x: Tensor) -> Tensor:
        block = self.clip.image.blocks[layer]
        return block.feed_forward(block.forward_norm(x))

    def cells(self, tokens: Tensor) -> Tensor:
        """The tokens that are places of the picture."""
        return tokens

    def embed_cells(self, tokens: Tensor) -> Tensor:
        """[n, cells, embedding]"""
        return self.clip.image.dense(tokens)

    def start_text(self, ids: Tensor) -> Tensor:
        return self.clip.text.words(ids) + self.clip.text.positions[:, : ids.shape[1]]

    def text_attention(self, layer: int, x: Tensor, ids: Tensor) -> Tensor:
        block = self.clip.text.blocks[layer]
        return block.attention(block.attention_norm(x), mask=text_mask(ids))

    def text_forward(self, layer: int, x: Tensor) -> Tensor:
        block = self.clip.text.blocks[layer]
        return block.feed_forward(block.forward_norm(x))

    def embed_words(self, tokens: Tensor) -> Tensor:
        """[n, length, embedding]"""
        return self.clip.text.embed(self.clip.text.norm(tokens))

    def whole_text(self, tokens: Tensor, ids: Tensor) -> Tensor:
        """The token that stands for the text, [n, width]."""
        return tokens[:, 0]

    def word_mask(self, ids: Tensor) -> Tensor:
        """True for tokens of the text, [n, 1, 1, length]."""
        return text_mask(ids)


class VitTowers(nn.Module):
    def __init__(self, clip: nn.Module):
        super().__init__()
        self.clip = clip.requires_grad_(False)
        vision, text = clip.config.vision_config, clip.config.text_config
        self.image_width, self.text_width, self.embedding = vision.hidden_size, text.hidden_size, clip.config.projection_dim
        if vision.num_hidden_layers != text.num_hidden_layers:
            raise ValueError("the towers must have the same number of layers")
        self.layers, self.grid = vision.num_hidden_layers, vision.image_size // vision.patch_size
        length = text.max_position_embeddings
        self.register_buffer("causal", torch.full((1, 1, length, length), -1e9).triu(1), persistent=False)

    def start_image(self, pixels: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Tokens before the first layer, the class token first; there are no finer maps."""
        vision = self.clip.vision_model
        return vision.pre_layrnorm(vision.embeddings(pixels)), ()

    def image_attention(self, layer: int, x: Tensor) -> Tensor:
        block = self.clip.vision_model.encoder.layers[layer]
        return block.self_attn(block.layer_norm1(x), attention_mask=None)[0]

    def image_forward(self, layer: int, x: Tensor) -> Tensor:
        block = self.clip.vision_model.encoder.layers[layer]
        return block.mlp(block.layer_norm2(x))

    def cells(self, tokens: Tensor) -> Tensor:
        return tokens[:, 1:]

    def embed_cells(self, tokens: Tensor) -> Tensor:
        return self.clip.visual_projection(self.clip.vision_model.post_layernorm(tokens))

    def start_text(self, ids: Tensor) -> Tensor:
        return self.clip.text_model.embeddings(ids)

    def text_attention(self, layer: int, x: Tensor, ids: Tensor) -> Tensor:
        block = self.clip.text_model.encoder.layers[layer]
        length = x.shape[1]
        return block.self_attn(block.layer_norm1(x), attention_mask=self.causal[:, :, :length, :length])[0]

    def text_forward(self, layer: int, x: Tensor) -> Tensor:
        block = self.clip.text_model.encoder.layers[layer]
        return block.mlp(block.layer_norm2(x))

    def embed_words(self, tokens: Tensor) -> Tensor:
        return self.clip.text_projection(self.clip.text_model.final_layer_norm(tokens))

    def whole_text(self, tokens: Tensor, ids: Tensor) -> Tensor:
        return at_end(tokens, ids)

    def word_mask(self, ids: Tensor) -> Tensor:
        """True up to the end token, whose id is the highest."""
        places = torch.arange(ids.shape[1], device=ids.device)
        return (places <= ids.int().argmax(-1, keepdim=True))[:, None, None, :]
