"""Referring segmentation on a frozen CLIP, after RISCLIP (Kim et al. 2023): a locator and a refiner.

The adapters run beside the frozen towers, like a ladder, not inside them. So the image tower runs once per
picture however many expressions are asked, and no gradient passes through it.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .clip import EMBEDDING, LAYERS, WIDTH, Clip, text_mask
from .layers import Attention, Block, ConvNorm, FeedForward, sine_positions, upsample

ADAPTER = 96
GRID = 14
REFINED = 112


class PooledSelfAttention(nn.Module):
    """Transformer block over `grid` x `grid` tokens whose keys and values are means of 2 x 2 (Wang et al. 2021, PVT)."""

    def __init__(self, width: int, grid: int):
        super().__init__()
        self.grid = grid
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, 4)
        self.forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x: Tensor) -> Tensor:
        y = self.attention_norm(x)
        half, width = self.grid // 2, y.shape[-1]
        pooled = y.view(-1, half, 2, half, 2, width).mean((2, 4)).view(-1, half * half, width)
        x = x + self.attention(y, pooled)
        return x + self.feed_forward(self.forward_norm(x))


class FusionAdapter(nn.Module):
    """Reads one level of both frozen towers and lets image and text look at each other."""

    def __init__(self, image_width: int, text_width: int, width: int, grid: int):
        super().__init__()
        self.down_image = nn.Sequential(nn.LayerNorm(image_width), nn.Linear(image_width, width))
        self.down_text = nn.Sequential(nn.LayerNorm(text_width), nn.Linear(text_width, width))
        self.image_norm = nn.LayerNorm(width)
        self.text_norm = nn.LayerNorm(width)
        self.image_to_text = Attention(width, 4)
        self.image_block = PooledSelfAttention(width, grid)
        self.text_to_image = Attention(width, 4)
        self.text_block = Block(width)

    def forward(self, image, text, led_image, frozen_text, mask, repeat: int) -> tuple[Tensor, Tensor]:
        """`led_image`: what `down_image` makes of the level."""
        image = image + led_image.repeat_interleave(repeat, 0)
        text = text + self.down_text(frozen_text)
        image = self.image_block(image + self.image_to_text(self.image_norm(image), self.text_norm(text), mask))
        text = text + self.text_to_image(self.text_norm(text), self.image_norm(image))
        return image, self.text_block(text, mask)


class Locator(nn.Module):
    """Where the object is: one logit for each of `grid` x `grid` cells. The sizes are the tiny CLIP's unless told."""

    def __init__(self, image_width=WIDTH, text_width=WIDTH, embedding=EMBEDDING, levels=LAYERS + 1, width=ADAPTER, grid=GRID):
        super().__init__()
        self.positions = nn.Parameter(sine_positions(grid, grid, width) * 0.5)
        self.agreement = nn.Linear(embedding, width)
        self.adapters = nn.ModuleList([FusionAdapter(image_width, text_width, width, grid) for _ in range(levels)])
        self.image_head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width))
        self.text_head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width))
        self.bias = nn.Parameter(torch.tensor(-2.0))

    def lead(self, image_levels: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """What the adapters read of a picture's levels, whatever the text: [n, cells, width] each."""
        return tuple(adapter.down_image(level) for adapter, level in zip(self.adapters, image_levels))

    def forward(self, led_levels, dense, text_levels, text_embedding, mask, repeat: int) -> tuple[Tensor, Tensor]:
        """Logits [n, cells] and fused tokens [n, cells, width] for n expressions on n / repeat pictures.

        The first token of a text stands for the whole of it.
        """
        # What CLIP itself thinks of each cell: the products whose sum is the cosine.
        agreement = dense.repeat_interleave(repeat, 0) * text_embedding[:, None]
        image, text = self.positions + self.agreement(4 * agreement), 0
        for adapter, led_image, frozen_text in zip(self.adapters, led_levels, text_levels):
            image, text = adapter(image, text, led_image, frozen_text, mask, repeat)
        query = self.text_head(text[:, 0])[:, :, None]
        logits = (self.image_head(image) @ query)[..., 0].float() * (2 / math.sqrt(query.shape[1])) + self.bias
        return logits, image


class Refiner(nn.Module):
    """The object's outline: from the locator's 14 x 14 to 112 x 112 with the frozen stem's finer maps."""

    def __init__(self, token_width: int = ADAPTER):
        super().__init__()
        self.from_tokens = nn.Conv2d(token_width, 47, 1)
        self.from_stride8 = nn.Conv2d(64, 32, 1)
        self.from_stride4 = nn.Conv2d(32, 24, 1)
        self.from_stride2 = nn.Conv2d(16, 16, 1)
        self.at_stride8 = nn.Sequential(ConvNorm(80, 64), ConvNorm(64, 48))
        self.at_stride4 = nn.Sequential(ConvNorm(73, 40), ConvNorm(40, 32))
        self.to_stride2 = nn.Conv2d(32, 16, 1)
        self.head = nn.Conv2d(16, 1, 3, padding=1)

    def forward(self, located: Tensor, tokens: Tensor, stride8, stride4, stride2, repeat: int) -> Tensor:
        """Logits [n, 1, 112, 112]"""
        probability = located.sigmoid().view(-1, 1, GRID, GRID)
        tokens = self.from_tokens(tokens.transpose(1, 2).unflatten(2, (GRID, GRID)))
        x = torch.cat([probability.to(tokens.dtype), tokens], 1)
        x = self.at_stride8(torch.cat([upsample(x, 2), self.from_stride8(stride8).repeat_interleave(repeat, 0)], 1))
        fine = self.from_stride4(stride4).repeat_interleave(repeat, 0)
        x = self.at_stride4(torch.cat([upsample(x, 2), fine, upsample(probability, 4).to(fine.dtype)], 1))
        x = upsample(self.to_stride2(x), 2) + self.from_stride2(stride2).repeat_interleave(repeat, 0)
        return self.head(F.relu(x)).float()


class RisClip(nn.Module):
    """The tiny one; `adapted.py` has the others, which are called in the same way."""

    grid, refined = GRID, REFINED
    maps = (*(f"level_{number}" for number in range(LAYERS + 1)), "dense", "stride_8", "stride_4", "stride_2")

    def __init__(self):
        super().__init__()
        self.clip = Clip().requires_grad_(False)
        self.locator = Locator()
        self.refiner = Refiner()

    def train(self, mode: bool = True):
        """The frozen part keeps its normalisation statistics whatever the mode."""
        super().train(mode)
        self.clip.eval()
        return self

    @torch.no_grad()
    def read_image(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Four levels [n, 196, 192], dense embeddings [n, 196, 128] of length 1, maps at strides 8, 4 and 2."""
        tower = self.clip.image
        stride2 = tower.stem.stride4[0](pixels)
        stride4 = tower.stem.stride4[2](tower.stem.stride4[1](stride2))
        stride8 = tower.stem.stride8(stride4)
        levels = tower.levels(tower.project(tower.stem.stride16(stride8)))
        dense = F.normalize(tower.dense(levels[-1]).float(), dim=-1)
        return (*levels, dense, stride8, stride4, stride2)

    @torch.no_grad()
    def read_text(self, ids: Tensor) -> tuple[list[Tensor], Tensor]:
        levels = self.clip.text.levels(ids)
        return levels, F.normalize(self.clip.text.pooled(levels[-1]).float(), dim=-1)

    def locate(self, image: tuple[Tensor, ...], ids: Tensor) -> tuple[Tensor, Tensor]:
        text_levels, embedding = self.read_text(ids)
        repeat = len(ids) // len(image[0])
        return self.locator(self.locator.lead(image[: LAYERS + 1]), image[LAYERS + 1], text_levels, embedding, text_mask(ids), repeat)

    def refine(self, image: tuple[Tensor, ...], located: Tensor, tokens: Tensor) -> Tensor:
        return self.refiner(located, tokens, *image[LAYERS + 2 :], len(located) // len(image[0]))

    def lead(self, image: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """What the graph of the picture gives (`maps`): here as it was read."""
        return image

    def ground(self, led: tuple[Tensor, ...], ids: Tensor) -> tuple[Tensor, Tensor]:
        """The locator's and the refiner's logits."""
        located, tokens = self.locate(led, ids)
        return located, self.refine(led, located, tokens)
