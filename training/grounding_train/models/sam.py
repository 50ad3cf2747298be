"""A small promptable segmenter in the manner of Segment Anything (Kirillov et al. 2023).

The image is encoded once; a prompt is Fourier tokens (as in the original) and, beside them, a dense
proximity map around the points. Without that map training at this size collapsed to empty masks.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import Attention, ConvNorm, FeedForward, Stem, upsample

FRAME = 224
WIDTH = 96
GRID = 14
PIXEL_GRID = 56
MASK_SIZE = 112
PIXEL_WIDTH = 32
EDGE_WIDTH = 16
SPREADS = (0.03, 0.08, 0.2)  # of the proximity Gaussians, shares of the frame
NEGATIVE_SPREAD = 0.08
DENSE_CHANNELS = len(SPREADS) + 3  # positives, negatives, inside the box, earlier mask


def grid_points(size: int) -> Tensor:
    """x and y of cell centres as shares of the frame, [1, size * size, 2]."""
    ticks = (torch.arange(size) + 0.5) / size
    return torch.stack([ticks[None, :].expand(size, size), ticks[:, None].expand(size, size)], -1).view(1, size * size, 2)


class TwoWayBlock(nn.Module):
    """Tokens look at each other and at the image, then the image looks back at the tokens."""

    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(WIDTH) for _ in range(4)])
        self.token_attention = Attention(WIDTH, 4)
        self.token_to_image = Attention(WIDTH, 4)
        self.feed_forward = FeedForward(WIDTH)
        self.image_to_token = Attention(WIDTH, 4)

    def forward(self, tokens: Tensor, image: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        tokens = tokens + self.token_attention(self.norms[0](tokens))
        tokens = tokens + self.token_to_image(self.norms[1](tokens), image + positions)
        tokens = tokens + self.feed_forward(self.norms[2](tokens))
        return tokens, image + self.image_to_token(self.norms[3](image + positions), tokens)


class SamImage(nn.Module):
    """Pixels [n, 3, 224, 224] to tokens' map [n, 96, 14, 14], pixel map [n, 32, 56, 56], edges [n, 16, 112, 112]."""

    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.from_stride16 = nn.Sequential(nn.Conv2d(128, WIDTH, 1), ConvNorm(WIDTH, WIDTH))
        self.from_stride8 = nn.Conv2d(64, PIXEL_WIDTH, 1)
        self.from_stride4 = nn.Conv2d(32, PIXEL_WIDTH, 1)
        self.pixels = ConvNorm(PIXEL_WIDTH, PIXEL_WIDTH)
        self.edges = nn.Sequential(ConvNorm(3, EDGE_WIDTH, stride=2), nn.Conv2d(EDGE_WIDTH, EDGE_WIDTH, 3, padding=1))

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        stride4, stride8, stride16 = self.stem(pixel_values)
        pixels = self.pixels(self.from_stride4(stride4) + upsample(self.from_stride8(stride8), 2))
        return self.from_stride16(stride16), pixels, self.edges(pixel_values)


class SamDecoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("frequencies", torch.randn(2, WIDTH // 2))
        self.label_tokens = nn.Parameter(torch.randn(5, WIDTH) * 0.1)  # labels -1, 0, 1, 2, 3
        self.output_tokens = nn.Parameter(torch.randn(2, WIDTH) * 0.1)  # mask, predicted IoU
        self.dense_tokens = nn.Linear(DENSE_CHANNELS, WIDTH)
        self.dense_pixels = nn.Conv2d(DENSE_CHANNELS, PIXEL_WIDTH, 1)
        self.blocks = nn.ModuleList([TwoWayBlock(), TwoWayBlock()])
        self.final_norm = nn.LayerNorm(WIDTH)
        self.final_attention = Attention(WIDTH, 4)
        self.to_pixels = nn.Conv2d(WIDTH, PIXEL_WIDTH, 1)
        self.pixel_layers = nn.Sequential(ConvNorm(PIXEL_WIDTH, PIXEL_WIDTH), ConvNorm(PIXEL_WIDTH, PIXEL_WIDTH))
        self.hyper = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, PIXEL_WIDTH + 1 + EDGE_WIDTH))
        self.quality = nn.Linear(WIDTH, 1)

    def fourier(self, points: Tensor) -> Tensor:
        phase = (2 * math.pi * points[..., None] * self.frequencies).sum(-2)  # a product in bfloat16 would blur places
        return torch.cat([phase.sin(), phase.cos()], -1)

    def dense_prompt(self, points: Tensor, labels: Tensor, earlier: Tensor, size: int) -> Tensor:
        """[n, size * size, channels] from points in 0..1 [n, p, 2] and the earlier mask's probability."""
        cells = grid_points(size)[:, :, None]  # [1, cells, 1, 2]
        first = (points * (labels == 2)[..., None]).sum(1)
        second = (points * (labels == 3)[..., None]).sum(1)
        boxed = (labels == 2).any(1, keepdim=True)  # [n, 1]
        # A box counts as a positive point at its centre.
        places = torch.cat([points, (first + second)[:, None] / 2], 1)
        positive = torch.cat([labels == 1, boxed], 1)[:, None].float()
        negative = (labels == 0)[:, None].float()
        distance = ((cells - places[:, None]) ** 2).sum(-1)  # [n, cells, p + 1]
        channels = [((-distance / (2 * spread**2)).exp() * positive).amax(-1) for spread in SPREADS]
        channels.append(((-distance[..., :-1] / (2 * NEGATIVE_SPREAD**2)).exp() * negative).amax(-1))
        inside = (cells[:, :, 0] > first[:, None]).all(-1) & (cells[:, :, 0] < second[:, None]).all(-1)
        channels.append(inside.float() * boxed.float())
        channels.append(F.avg_pool2d(earlier, MASK_SIZE // size).flatten(1))
        return torch.stack(channels, -1)

    def forward(
        self, image_embeddings: Tensor, pixel_features: Tensor, edge_features: Tensor,
        point_coords: Tensor, point_labels: Tensor, mask_input: Tensor, has_mask_input: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """Logits [n, 1, 112, 112] and predicted IoU [n, 1] of n prompts; maps of fewer images are repeated."""
        prompts = point_coords.shape[0]
        repeat = prompts // image_embeddings.shape[0]
        points = point_coords / FRAME
        earlier = mask_input.sigmoid() * has_mask_input.view(-1, 1, 1, 1)
        real = (point_labels >= 0)[..., None].float()
        sparse = self.fourier(points) * real + self.label_tokens[point_labels.long() + 1]
        tokens = torch.cat([self.output_tokens.expand(prompts, -1, -1), sparse], 1)
        positions = self.fourier(grid_points(GRID))
        image = image_embeddings.flatten(2).transpose(1, 2).repeat_interleave(repeat, 0)
        image = image + self.dense_tokens(self.dense_prompt(points, point_labels, earlier, GRID))
        for block in self.blocks:
            tokens, image = block(tokens, image, positions)
        tokens = tokens + self.final_attention(self.final_norm(tokens), image + positions)
        pixels = upsample(self.to_pixels(image.transpose(1, 2).reshape(prompts, WIDTH, GRID, GRID)), PIXEL_GRID // GRID)
        dense = self.dense_prompt(points, point_labels, earlier, PIXEL_GRID)
        dense = self.dense_pixels(dense.transpose(1, 2).reshape(prompts, DENSE_CHANNELS, PIXEL_GRID, PIXEL_GRID))
        pixels = self.pixel_layers(F.relu(pixels + pixel_features.repeat_interleave(repeat, 0) + dense))
        weights = self.hyper(tokens[:, 0])
        coarse = (weights[:, None, :PIXEL_WIDTH] @ pixels.flatten(2)) / 4 + weights[:, None, PIXEL_WIDTH : PIXEL_WIDTH + 1] - 1
        coarse = upsample(coarse.view(prompts, 1, PIXEL_GRID, PIXEL_GRID).float(), 2)
        # Fine edges come from features that all prompts share, and count only where the mask is undecided.
        edges = edge_features.flatten(2).repeat_interleave(repeat, 0)
        fine = (weights[:, None, PIXEL_WIDTH + 1 :] @ edges).view(prompts, 1, MASK_SIZE, MASK_SIZE).float()
        probability = coarse.sigmoid()
        logits = coarse + 4 * probability * (1 - probability) * fine
        return logits, self.quality(tokens[:, 1]).float().sigmoid()


class Sam(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = SamImage()
        self.decoder = SamDecoder()
