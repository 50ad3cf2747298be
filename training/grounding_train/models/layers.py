"""Building blocks shared by the networks.

Attention is written out as two matrix products and a softmax: on a processor its backward pass is several
times faster than the fused kernel's, and it exports to plain ONNX operators.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STEM_CHANNELS = (16, 32, 64, 128)
MASKED = -1e4


class ConvNorm(nn.Sequential):
    """Convolution, batch normalisation and, unless told otherwise, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, activation: bool = True):
        layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]
        super().__init__(*layers, *([nn.ReLU(inplace=True)] if activation else []))


class Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.first = ConvNorm(channels, channels)
        self.second = ConvNorm(channels, channels, activation=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(self.first(x)))


class Stem(nn.Module):
    """Convolutional tower: [n, 3, h, w] to features at strides 4, 8 and 16 (32, 64 and 128 channels)."""

    def __init__(self):
        super().__init__()
        a, b, c, d = STEM_CHANNELS
        self.stride4 = nn.Sequential(ConvNorm(3, a, stride=2), ConvNorm(a, b, stride=2), Residual(b))
        self.stride8 = nn.Sequential(ConvNorm(b, c, stride=2), Residual(c))
        self.stride16 = nn.Sequential(ConvNorm(c, d, stride=2), Residual(d), Residual(d))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        stride4 = self.stride4(x)
        stride8 = self.stride8(stride4)
        return stride4, stride8, self.stride16(stride8)


def sine_positions(height: int, width: int, channels: int) -> Tensor:
    """[1, height * width, channels] sines and cosines; the grid always spans 0..1 whatever its size."""
    rows, columns = torch.meshgrid((torch.arange(height) + 0.5) / height, (torch.arange(width) + 0.5) / width, indexing="ij")
    frequencies = math.pi * 2 ** torch.linspace(0, 4, channels // 4)
    waves = []
    for coordinate in (columns, rows):
        phase = coordinate[..., None] * frequencies
        waves += [torch.sin(phase), torch.cos(phase)]
    return torch.cat(waves, -1).view(1, height * width, channels)


class Attention(nn.Module):
    """Multi-head attention; queries from `x`, keys and values from `memory` (or `x`)."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.output = nn.Linear(width, width)

    def split(self, x: Tensor) -> Tensor:
        """[n, t, width] to [n, heads, t, width / heads]"""
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x: Tensor, memory: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        """`mask` is true where a key may be looked at, broadcast to [n, heads, queries, keys]."""
        key, value = self.key_value(x if memory is None else memory).chunk(2, -1)
        query = self.split(self.query(x))
        scores = (query * query.shape[-1] ** -0.5) @ self.split(key).transpose(-1, -2)
        if mask is not None:
            scores = scores.masked_fill(~mask, MASKED)
        mixed = scores.softmax(-1) @ self.split(value)
        return self.output(mixed.transpose(1, 2).flatten(2))


class FeedForward(nn.Sequential):
    def __init__(self, width: int, ratio: int = 2):
        super().__init__(nn.Linear(width, ratio * width), nn.GELU(), nn.Linear(ratio * width, width))


class Block(nn.Module):
    """Pre-norm transformer block."""

    def __init__(self, width: int, heads: int = 4):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = x + self.attention(self.attention_norm(x), mask=mask)
        return x + self.feed_forward(self.forward_norm(x))


def upsample(x: Tensor, factor: int) -> Tensor:
    return F.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)


def at_end(tokens: Tensor, ids: Tensor) -> Tensor:
    """Of tokens [n, t, c] those [n, c] at the first place of the highest id, where CLIP's texts end."""
    place = ids.int().argmax(-1)[:, None, None].expand(-1, 1, tokens.shape[-1])
    return tokens.gather(1, place)[:, 0]
