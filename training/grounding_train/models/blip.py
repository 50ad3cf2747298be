"""A small image-text matcher in the manner of BLIP (Li et al. 2022), and the Grad-CAM of its cross-attention.

The image side is CLIP's frozen stem and one transformer block. Position is added at about the strength of
the features themselves: a weaker code was drowned and "on the left" never learnt.
"""

import torch
from torch import Tensor, nn

from ..text import TEXT_LENGTH, token_ids
from .clip import WIDTH, Clip, ImageTower, text_mask
from .layers import MASKED, Attention, Block, sine_positions

GRID = 14
LAYERS = 4
POSITION_WEIGHT = 1.2
HEADS = 4
SMALLEST_EVIDENCE = 1e-12  # a map whose maximum lies below this stays dark


class MatcherImage(nn.Module):
    """Pixels [n, 3, 224, 224] to image embeddings [n, 196, 192]."""

    def __init__(self):
        super().__init__()
        tower = ImageTower()
        self.stem, self.project = tower.stem.requires_grad_(False), tower.project.requires_grad_(False)
        self.feature_norm = nn.LayerNorm(WIDTH)
        self.positions = nn.Parameter(sine_positions(GRID, GRID, WIDTH) * POSITION_WEIGHT)
        self.block = Block(WIDTH)
        self.norm = nn.LayerNorm(WIDTH)

    def train(self, mode: bool = True):
        """The frozen stem keeps its normalisation statistics whatever the mode."""
        super().train(mode)
        self.stem.eval()
        self.project.eval()
        return self

    def forward(self, pixel_values: Tensor, noise: float = 0.0) -> Tensor:
        """`noise` shakes the channels of the features, for training."""
        with torch.no_grad():
            features = self.project(self.stem(pixel_values)[2]).flatten(2).transpose(1, 2)
        if noise:
            features = features * (1 + noise * torch.randn(len(features), 1, WIDTH))
        return self.norm(self.block(self.feature_norm(features) + self.positions))


class CrossBlock(nn.Module):
    """Text block with cross-attention to the image; its attention can be probed."""

    def __init__(self):
        super().__init__()
        self.text = Block(WIDTH, HEADS)
        self.cross_norm = nn.LayerNorm(WIDTH)
        self.cross = Attention(WIDTH, HEADS)

    def forward(self, x: Tensor, image: Tensor, mask: Tensor, keep: Tensor | None = None, probe: Tensor | None = None):
        """Text [n * k, t, 192] over images [n, 196, 192]; returns the text and the attention [n, heads, k * t, 196].

        `keep` [n, 196] hides patches. `probe` is added to the attention, so that the gradient at the probe
        is the gradient at the attention.
        """
        x = x + self.text.attention(self.text.attention_norm(x), mask=mask)
        images, length = len(image), x.shape[1]
        key, value = self.cross.key_value(image).chunk(2, -1)
        query = self.cross.split(self.cross.query(self.cross_norm(x)).reshape(images, -1, WIDTH))
        scores = (query * query.shape[-1] ** -0.5) @ self.cross.split(key).transpose(-1, -2)
        if keep is not None:
            scores = scores.masked_fill(~keep[:, None, None, :], MASKED)
        attention = scores.softmax(-1)
        if probe is not None:
            attention = attention + probe
        mixed = (attention @ self.cross.split(value)).transpose(1, 2).reshape(-1, length, WIDTH)
        x = x + self.cross.output(mixed)
        return x + self.text.feed_forward(self.text.forward_norm(x)), attention


class MatcherText(nn.Module):
    """Text and image embeddings to two logits: no match, match."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(len(token_ids()), WIDTH)
        self.positions = nn.Parameter(torch.randn(1, TEXT_LENGTH, WIDTH) * 0.02)
        self.blocks = nn.ModuleList([CrossBlock() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, 2)

    def forward(self, image: Tensor, ids: Tensor, keep: Tensor | None = None) -> Tensor:
        x, mask = self.words(ids) + self.positions[:, : ids.shape[1]], text_mask(ids)
        for block in self.blocks:
            x, _ = block(x, image, mask, keep)
        return self.head(self.norm(x[:, 0])).float()

    def explain(self, image: Tensor, ids: Tensor, attention_mask: Tensor, layers: tuple[int, ...]) -> tuple[Tensor, Tensor, Tensor]:
        """Match logits [k, 2], heat map [k, 14, 14] and map of each token [k, t, 14, 14] of k texts on one image.

        Grad-CAM as LAVIS computes it for BLIP: attention times the positive part of its gradient, mean over
        heads. Two things differ from the full-size model's. The first token counts like the words: the head
        reads it, and in so small a network it carries most of the gradient. And the maps of several `layers`,
        each scaled to its own maximum, are averaged: one layer finds the thing, another its place.
        """
        mask = (attention_mask > 0)[:, None, None, :]
        texts, length = ids.shape
        x = self.words(ids) + self.positions[:, :length]
        probes = {layer: torch.zeros(1, HEADS, texts * length, GRID * GRID, requires_grad=True) for layer in layers}
        attentions = {}
        with torch.enable_grad():
            for number, block in enumerate(self.blocks):
                x, attentions[number] = block(x, image, mask, probe=probes.get(number))
            logits = self.head(self.norm(x[:, 0])).float()
            gradients = torch.autograd.grad(logits[:, 1].sum(), [probes[layer] for layer in layers])
        real = attention_mask.float()[:, :, None, None]
        token_maps = torch.zeros(texts, length, GRID, GRID)
        for layer, gradient in zip(layers, gradients):
            maps = (attentions[layer].detach().float() * gradient.clamp(min=0)).mean((0, 1)).view(texts, length, GRID, GRID) * real
            highest = maps.sum(1, keepdim=True).amax((2, 3), keepdim=True)
            token_maps = token_maps + maps / highest.clamp(min=SMALLEST_EVIDENCE) / len(layers)
        return logits.detach(), token_maps.sum(1), token_maps


class Matcher(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = MatcherImage()
        self.text = MatcherText()

    def start_from(self, clip: Clip) -> None:
        """Stem, first image block, words and the text blocks' own parts are taken over from CLIP."""
        self.image.stem.load_state_dict(clip.image.stem.state_dict())
        self.image.project.load_state_dict(clip.image.project.state_dict())
        self.image.block.load_state_dict(clip.image.blocks[0].state_dict())
        self.text.words.load_state_dict(clip.text.words.state_dict())
        self.text.positions.data.copy_(clip.text.positions.data)
        for block, trained in zip(self.text.blocks, clip.text.blocks):
            block.text.load_state_dict(trained.state_dict())
