"""YOLOX (Ge et al. 2021, Apache-2.0) with the names of its published checkpoints, without what only training needs."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .checkpoint import State, load_exactly

STRIDES = (8, 16, 32)
_EPSILON = 1e-3  # of batch normalisation, as YOLOX sets it


@dataclass(frozen=True)
class YoloxShape:
    depth: float
    width: float
    frame: int = 640
    depthwise: bool = False
    categories: int = 80


SHAPES = {
    "nano": YoloxShape(0.33, 0.25, 416, depthwise=True),
    "tiny": YoloxShape(0.33, 0.375, 416),
    "s": YoloxShape(0.33, 0.50),
    "m": YoloxShape(0.67, 0.75),
    "l": YoloxShape(1.0, 1.0),
    "x": YoloxShape(1.33, 1.25),
}


class ConvUnit(nn.Module):
    """Convolution, batch normalisation, SiLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(self.bn(self.conv(x)))


class SeparableUnit(nn.Module):
    """A convolution within channels, then one across them."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1):
        super().__init__()
        self.dconv = ConvUnit(inputs, inputs, kernel, stride, groups=inputs)
        self.pconv = ConvUnit(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.pconv(self.dconv(x))


class Bottleneck(nn.Module):
    def __init__(self, channels: int, shortcut: bool, spatial: type[nn.Module]):
        super().__init__()
        self.conv1 = ConvUnit(channels, channels)
        self.conv2 = spatial(channels, channels, 3)
        self.shortcut = shortcut

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv2(self.conv1(x))
        return x + y if self.shortcut else y


class PartialStage(nn.Module):
    """Cross-stage partial network: bottlenecks on one half of the channels."""

    def __init__(self, inputs: int, outputs: int, count: int, shortcut: bool, spatial: type[nn.Module]):
        super().__init__()
        half = outputs // 2
        self.conv1 = ConvUnit(inputs, half)
        self.conv2 = ConvUnit(inputs, half)
        self.conv3 = ConvUnit(2 * half, outputs)
        self.m = nn.Sequential(*[Bottleneck(half, shortcut, spatial) for _ in range(count)])

    def forward(self, x: Tensor) -> Tensor:
        return self.conv3(torch.cat([self.m(self.conv1(x)), self.conv2(x)], 1))


class PyramidPooling(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = ConvUnit(channels, channels // 2)
        self.conv2 = ConvUnit(channels * 2, channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return self.conv2(torch.cat([x, *[F.max_pool2d(x, size, 1, size // 2) for size in (5, 9, 13)]], 1))


class Focus(nn.Module):
    """Two by two pixels become channels."""

    def __init__(self, outputs: int):
        super().__init__()
        self.conv = ConvUnit(12, outputs, 3)

    def forward(self, x: Tensor) -> Tensor:
        corners = [x[..., row::2, column::2] for column in (0, 1) for row in (0, 1)]
        return self.conv(torch.cat(corners, 1))


class Darknet(nn.Module):
    """Features at strides 8, 16 and 32."""

    def __init__(self, shape: YoloxShape, spatial: type[nn.Module]):
        super().__init__()
        base, count = int(shape.width * 64), max(round(shape.depth * 3), 1)
        self.stem = Focus(base)
        for index, repeats in enumerate((1, 3, 3), 2):
            channels = base * 2 ** (index - 1)
            stage = PartialStage(channels, channels, count * repeats, True, spatial)
            self.add_module(f"dark{index}", nn.Sequential(spatial(channels // 2, channels, 3, 2), stage))
        deepest = base * 16
        last = PartialStage(deepest, deepest, count, False, spatial)
        self.dark5 = nn.Sequential(spatial(base * 8, deepest, 3, 2), PyramidPooling(deepest), last)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        stride8 = self.dark3(self.dark2(self.stem(x)))
        stride16 = self.dark4(stride8)
        return stride8, stride16, self.dark5(stride16)


class PathAggregation(nn.Module):
    """Feature pyramid downwards and upwards again."""

    def __init__(self, shape: YoloxShape, spatial: type[nn.Module]):
        super().__init__()
        small, middle, large = (int(channels * shape.width) for channels in (256, 512, 1024))
        count = round(3 * shape.depth)
        self.backbone = Darknet(shape, spatial)
        self.lateral_conv0 = ConvUnit(large, middle)
        self.C3_p4 = PartialStage(2 * middle, middle, count, False, spatial)
        self.reduce_conv1 = ConvUnit(middle, small)
        self.C3_p3 = PartialStage(2 * small, small, count, False, spatial)
        self.bu_conv2 = spatial(small, small, 3, 2)
        self.C3_n3 = PartialStage(2 * small, middle, count, False, spatial)
        self.bu_conv1 = spatial(middle, middle, 3, 2)
        self.C3_n4 = PartialStage(2 * middle, large, count, False, spatial)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        stride8, stride16, stride32 = self.backbone(x)
        top = self.lateral_conv0(stride32)
        middle = self.reduce_conv1(self.C3_p4(torch.cat([F.interpolate(top, scale_factor=2.0), stride16], 1)))
        fine = self.C3_p3(torch.cat([F.interpolate(middle, scale_factor=2.0), stride8], 1))
        coarser = self.C3_n3(torch.cat([self.bu_conv2(fine), middle], 1))
        return fine, coarser, self.C3_n4(torch.cat([self.bu_conv1(coarser), top], 1))


class Head(nn.Module):
    """Box, objectness and categories of every cell, for each stride a head of its own."""

    def __init__(self, shape: YoloxShape, spatial: type[nn.Module]):
        super().__init__()
        width = int(256 * shape.width)

        def towers() -> nn.ModuleList:
            return nn.ModuleList([nn.Sequential(spatial(width, width, 3), spatial(width, width, 3)) for _ in STRIDES])

        def predictions(channels: int) -> nn.ModuleList:
            return nn.ModuleList([nn.Conv2d(width, channels, 1) for _ in STRIDES])

        self.cls_convs, self.reg_convs = towers(), towers()
        self.cls_preds, self.reg_preds, self.obj_preds = predictions(shape.categories), predictions(4), predictions(1)
        self.stems = nn.ModuleList([ConvUnit(int(channels * shape.width), width) for channels in (256, 512, 1024)])

    def forward(self, levels: tuple[Tensor, ...]) -> Tensor:
        cells = []
        for index, level in enumerate(levels):
            x = self.stems[index](level)
            box = self.reg_convs[index](x)
            scores = [self.obj_preds[index](box), self.cls_preds[index](self.cls_convs[index](x))]
            cells.append(torch.cat([self.reg_preds[index](box), *[score.sigmoid() for score in scores]], 1).flatten(2))
        return torch.cat(cells, 2).transpose(1, 2)


class Yolox(nn.Module):
    """Pixels [n, 3, h, w] (BGR, 0 to 255) to [n, cells, 5 + categories], boxes raw, scores between 0 and 1."""

    def __init__(self, shape: YoloxShape):
        super().__init__()
        spatial = SeparableUnit if shape.depthwise else ConvUnit
        self.shape = shape
        self.backbone = PathAggregation(shape, spatial)
        self.head = Head(shape, spatial)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.backbone(images))


def load_yolox(state: State, size: str) -> Yolox:
    network = Yolox(SHAPES[size])
    load_exactly(network, state, f"YOLOX-{size}")
    return network.eval()


COCO_CATEGORIES = [
    name.strip()
    for name in """
    person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop sign, parking meter,
    bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack, umbrella, handbag, tie, suitcase, frisbee,
    skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, surfboard, tennis racket, bottle, wine glass, cup,
    fork, knife, spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair, couch,
    potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink,
    refrigerator, book, clock, vase, scissors, teddy bear, hair drier, toothbrush
    """.split(",")
]
