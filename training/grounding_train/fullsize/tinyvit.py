"""TinyViT-5M as MobileSAM uses it (Zhang et al. 2023; Wu et al. 2022; Apache-2.0, MIT), with the names of its checkpoint."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class TinyVitShape:
    frame: int = 1024
    widths: tuple[int, int, int, int] = (64, 128, 160, 320)
    depths: tuple[int, int, int, int] = (2, 2, 6, 2)
    heads: tuple[int, int, int, int] = (2, 4, 5, 10)
    windows: tuple[int, int, int, int] = (7, 7, 14, 7)
    outputs: int = 256


class ConvNorm(nn.Sequential):
    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1):
        super().__init__()
        self.c = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)


class PatchEmbedding(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.seq = nn.Sequential(ConvNorm(3, width // 2, 3, 2), nn.GELU(), ConvNorm(width // 2, width, 3, 2))

    def forward(self, x: Tensor) -> Tensor:
        return self.seq(x)


class InvertedBottleneck(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.conv1 = ConvNorm(width, 4 * width)
        self.conv2 = ConvNorm(4 * width, 4 * width, 3, groups=4 * width)
        self.conv3 = ConvNorm(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(x + self.conv3(F.gelu(self.conv2(F.gelu(self.conv1(x))))))


class PatchMerging(nn.Module):
    """Between stages; the one before the last stage keeps the resolution, as MobileSAM needs a grid of stride 16."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = ConvNorm(inputs, outputs)
        self.conv2 = ConvNorm(outputs, outputs, 3, stride, groups=outputs)
        self.conv3 = ConvNorm(outputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv3(F.gelu(self.conv2(F.gelu(self.conv1(x)))))


class BiasedAttention(nn.Module):
    """Attention within a window, with a learnt bias for each distance between two cells."""

    def __init__(self, width: int, heads: int, window: int):
        super().__init__()
        self.heads, self.key_width = heads, width // heads
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        rows, columns = (axis.flatten() for axis in torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij"))
        # Distances are numbered in the order in which pairs of cells first show them: row by row from the first cell.
        distances = (rows[:, None] - rows).abs() * window + (columns[:, None] - columns).abs()
        self.attention_biases = nn.Parameter(torch.zeros(heads, window * window))
        self.register_buffer("distances", distances, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """[windows, cells, width]"""
        windows, cells, width = x.shape
        parts = self.qkv(self.norm(x)).view(windows, cells, self.heads, 3 * self.key_width).transpose(1, 2)
        query, key, value = parts.chunk(3, -1)
        scores = (query @ key.transpose(-1, -2)) * self.key_width**-0.5 + self.attention_biases[:, self.distances]
        return self.proj((scores.softmax(-1) @ value).transpose(1, 2).reshape(windows, cells, width))


class FeedForward(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(self.norm(x))))


class WindowBlock(nn.Module):
    def __init__(self, width: int, heads: int, window: int):
        super().__init__()
        self.window = window
        self.attn = BiasedAttention(width, heads, window)
        self.mlp = FeedForward(width)
        self.local_conv = ConvNorm(width, width, 3, groups=width)

    def forward(self, x: Tensor) -> Tensor:
        """[n, h, w, width]: with the channels last, windows are cut and joined in whole rows of their cells."""
        x = x + self._attend(x)
        x = self.local_conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return x + self.mlp(x)

    def _attend(self, x: Tensor) -> Tensor:
        count, height, length, width = x.shape
        side = self.window
        x = F.pad(x, (0, 0, 0, -length % side, 0, -height % side))
        rows, columns = x.shape[1] // side, x.shape[2] // side
        x = x.view(count, rows, side, columns, side, width).transpose(2, 3)
        x = self.attn(x.reshape(count * rows * columns, side * side, width))
        x = x.view(count, rows, columns, side, side, width).transpose(2, 3)
        return x.reshape(count, rows * side, columns * side, width)[:, :height, :length]


class Stage(nn.Module):
    """[n, width, h, w] to as many channels as the next stage has, perhaps half as high and wide."""

    def __init__(self, blocks: list[nn.Module], downsample: nn.Module | None):
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        self.downsample = downsample
        self.channels_last = isinstance(blocks[0], WindowBlock)

    def forward(self, x: Tensor) -> Tensor:
        if self.channels_last:
            x = x.permute(0, 2, 3, 1)
        for block in self.blocks:
            x = block(x)
        if self.channels_last:
            x = x.permute(0, 3, 1, 2)
        return x if self.downsample is None else self.downsample(x)


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of [n, c, h, w]."""

    def __init__(self, channels: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, 1e-6).permute(0, 3, 1, 2)


class TinyVit(nn.Module):
    """Pixels [n, 3, 1024, 1024] to image embeddings [n, 256, 64, 64]."""

    def __init__(self, shape: TinyVitShape):
        super().__init__()
        self.patch_embed = PatchEmbedding(shape.widths[0])
        self.layers = nn.ModuleList()
        for index, (width, depth) in enumerate(zip(shape.widths, shape.depths)):
            last = index == len(shape.widths) - 1
            blocks = [
                InvertedBottleneck(width) if index == 0 else WindowBlock(width, shape.heads[index], shape.windows[index])
                for _ in range(depth)
            ]
            merging = None if last else PatchMerging(width, shape.widths[index + 1], 1 if index == 2 else 2)
            self.layers.append(Stage(blocks, merging))
        self.neck = nn.Sequential(
            nn.Conv2d(shape.widths[-1], shape.outputs, 1, bias=False),
            ChannelNorm(shape.outputs),
            nn.Conv2d(shape.outputs, shape.outputs, 3, padding=1, bias=False),
            ChannelNorm(shape.outputs),
        )

    def forward(self, pixel_values: Tensor) -> Tensor:
        x = self.patch_embed(pixel_values)
        for stage in self.layers:
            x = stage(x)
        return self.neck(x)
