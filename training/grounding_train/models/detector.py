"""A small anchor-free detector with one output stride, in the manner of YOLOX (Ge et al. 2021)."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..emojiref.catalogue import CATEGORY_NAMES, COLOURS
from .layers import ConvNorm, Residual, Stem

STRIDE = 8
GRID = 28
FRAME = GRID * STRIDE


def cell_centres() -> tuple[Tensor, Tensor]:
    """x and y of every cell's centre in pixels, each [28, 28]."""
    ticks = (torch.arange(GRID) + 0.5) * STRIDE
    return ticks[None, :].expand(GRID, GRID), ticks[:, None].expand(GRID, GRID)


class Detector(nn.Module):
    """Distances to the four edges, objectness, category and colour for each of 28 x 28 cells.

    The colour head is not part of the product: it keeps colour in the stem, which CLIP starts from.
    """

    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.stride32 = nn.Sequential(ConvNorm(128, 128, stride=2), Residual(128))
        self.from_stride32 = ConvNorm(128, 128, 1)
        self.from_stride16 = ConvNorm(128, 64, 1)
        self.from_stride8 = ConvNorm(64, 64, 1)
        self.fused = ConvNorm(64, 64)
        self.box_tower = ConvNorm(64, 64)
        self.class_tower = ConvNorm(64, 96)
        self.box_head = nn.Conv2d(64, 5, 1)
        self.class_head = nn.Conv2d(96, len(CATEGORY_NAMES), 1)
        self.colour_head = nn.Conv2d(96, len(COLOURS), 1)
        nn.init.zeros_(self.box_head.bias)
        nn.init.constant_(self.box_head.bias[4:], -4.0)  # few cells hold an object

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Edge distances [n, 4, 28, 28] in pixels (left, top, right, bottom), then logits of the three heads."""
        _, stride8, stride16 = self.stem(x)
        stride16 = stride16 + F.interpolate(self.from_stride32(self.stride32(stride16)), scale_factor=2.0)
        fused = self.fused(self.from_stride8(stride8) + F.interpolate(self.from_stride16(stride16), scale_factor=2.0))
        box = self.box_head(self.box_tower(fused)).float()
        classes = self.class_tower(fused)
        distances = box[:, :4].clamp(-4.0, 3.2).exp() * 16
        return distances, box[:, 4], self.class_head(classes).float(), self.colour_head(classes).float()


class DetectorExport(nn.Module):
    """The same network with YOLOX's raw output [1, 784, 5 + categories]."""

    def __init__(self, detector: Detector):
        super().__init__()
        self.detector = detector

    def forward(self, images: Tensor) -> Tensor:
        distances, objectness, classes, _ = self.detector(images)
        left, top, right, bottom = distances.unbind(1)
        # Half a cell lies between a cell's corner, from which YOLOX counts, and its centre.
        centre_x = 0.5 + (right - left) / (2 * STRIDE)
        centre_y = 0.5 + (bottom - top) / (2 * STRIDE)
        width, height = torch.log((left + right) / STRIDE), torch.log((top + bottom) / STRIDE)
        # The category head is trained as a softmax; its probability stands in for YOLOX's class sigmoid.
        boxes = torch.stack([centre_x, centre_y, width, height, objectness.sigmoid()], 1)
        return torch.cat([boxes, classes.softmax(1)], 1).flatten(2).transpose(1, 2)
