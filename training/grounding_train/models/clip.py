"""A tiny CLIP (Radford et al. 2021) whose image tower reads crops and whole scenes alike.

The dense embedding of a scene is the value path of the attention pool, one vector a cell, as MaskCLIP
(Zhou et al. 2022) takes it from the full-size model.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..text import TEXT_LENGTH, token_ids
from .layers import Attention, Block, ConvNorm, Stem, sine_positions

WIDTH = 192
EMBEDDING = 128
LAYERS = 3
POSITION_WEIGHT = 0.3


class ImageTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.project = ConvNorm(128, WIDTH, 1, activation=False)
        self.blocks = nn.ModuleList([Block(WIDTH) for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.pool_query = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02)
        self.pool = Attention(WIDTH, 4)
        self.embed = nn.Linear(WIDTH, EMBEDDING)

    def features(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Stride 4 and 8 maps of the stem, and the tower's input at stride 16 [n, 192, h, w]."""
        stride4, stride8, stride16 = self.stem(pixels)
        return stride4, stride8, self.project(stride16)

    def tokens(self, features: Tensor) -> Tensor:
        height, width = features.shape[-2:]
        positions = sine_positions(height, width, WIDTH).to(features.dtype)
        return features.flatten(2).transpose(1, 2) + POSITION_WEIGHT * positions

    def levels(self, features: Tensor) -> list[Tensor]:
        """Tokens [n, cells, 192] before the first block and after each block."""
        levels = [self.tokens(features)]
        for block in self.blocks:
            levels.append(block(levels[-1]))
        return levels

    def pooled(self, tokens: Tensor) -> Tensor:
        tokens = self.norm(tokens)
        return self.embed(self.pool(self.pool_query.expand(tokens.shape[0], -1, -1), tokens)[:, 0])

    def dense(self, tokens: Tensor) -> Tensor:
        """Embeddings of single cells [n, cells, 128]."""
        value = self.pool.key_value(self.norm(tokens)).chunk(2, -1)[1]
        return self.embed(self.pool.output(value))

    def forward(self, pixels: Tensor) -> Tensor:
        return self.pooled(self.levels(self.features(pixels)[2])[-1])


class TextTower(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(len(token_ids()), WIDTH)
        nn.init.normal_(self.words.weight, std=0.05)
        self.positions = nn.Parameter(torch.randn(1, TEXT_LENGTH, WIDTH) * 0.02)
        self.blocks = nn.ModuleList([Block(WIDTH) for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.embed = nn.Linear(WIDTH, EMBEDDING)

    def levels(self, ids: Tensor) -> list[Tensor]:
        """Tokens [n, length, 192] before the first block and after each block."""
        levels = [self.words(ids) + self.positions[:, : ids.shape[1]]]
        mask = text_mask(ids)
        for block in self.blocks:
            levels.append(block(levels[-1], mask))
        return levels

    def pooled(self, tokens: Tensor) -> Tensor:
        return self.embed(self.norm(tokens)[:, 0])

    def forward(self, ids: Tensor) -> Tensor:
        return self.pooled(self.levels(ids)[-1])


def text_mask(ids: Tensor) -> Tensor:
    """True for real tokens, [n, 1, 1, length]."""
    return (ids > 0)[:, None, None, :]


class Clip(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = ImageTower()
        self.text = TextTower()
        self.log_scale = nn.Parameter(torch.tensor(math.log(10.0)))

    def embed_images(self, pixels: Tensor) -> Tensor:
        return F.normalize(self.image(pixels).float(), dim=-1)

    def embed_texts(self, ids: Tensor) -> Tensor:
        return F.normalize(self.text(ids).float(), dim=-1)

    def embed_cells(self, pixels: Tensor) -> Tensor:
        """[n, cells, 128], not normalised, as masks average it."""
        return self.image.dense(self.image.levels(self.image.features(pixels)[2])[-1]).float()
