"""RisCLIP in the sizes and with the adapters that a configuration names.

`InsideRisClip` works as published (Kim et al. 2023): adapters inside the frozen towers, where image and
text look at each other. Its upper layers depend on picture and text together and run once an expression.
`LadderRisClip` is the demo pack's side ladder for a CLIP with a vision transformer: the towers run once a picture.

Every residual branch starts at zero by its last projection only. An earlier implementation zeroes the first one
too; then neither ever gets a gradient.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import Attention, ConvNorm, upsample
from .risclip import Locator, Refiner
from .towers import TinyTowers, VitTowers

Towers = TinyTowers | VitTowers


def zeroed(layer: nn.Linear) -> nn.Linear:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Bottleneck(nn.Sequential):
    """Adds to what half a layer of the tower says."""

    def __init__(self, width: int):
        super().__init__(nn.Linear(width, width // 2), nn.ReLU(), zeroed(nn.Linear(width // 2, width)))

    def forward(self, x: Tensor) -> Tensor:
        return x + super().forward(x)


class CrossAdapter(nn.Module):
    """Lets the tokens of one tower look at those of the other, in a narrower shared space."""

    def __init__(self, width: int, other: int, shared: int):
        super().__init__()
        self.down = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, shared), nn.LayerNorm(shared))
        self.down_other = nn.Sequential(nn.LayerNorm(other), nn.Linear(other, shared), nn.LayerNorm(shared))
        self.attention = Attention(shared, heads_of(shared))
        self.up = nn.Sequential(nn.LayerNorm(shared), zeroed(nn.Linear(shared, width)))

    def forward(self, x: Tensor, other: Tensor, mask: Tensor | None = None) -> Tensor:
        return x + self.up(self.attention(self.down(x), self.down_other(other), mask))


class PostFusion(nn.Module):
    """Cross-attention, self-attention and a narrow feed-forward part for both kinds of tokens, in CLIP's space."""

    def __init__(self, width: int):
        super().__init__()
        heads = heads_of(width)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(7)])
        self.attentions = nn.ModuleList([Attention(width, heads) for _ in range(4)])
        for attention in self.attentions:
            zeroed(attention.output)
        self.narrow = nn.ModuleList(
            [nn.Sequential(nn.Linear(width, width // 2), nn.GELU(), zeroed(nn.Linear(width // 2, width))) for _ in range(2)]
        )

    def forward(self, image: Tensor, text: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        image_cross, text_cross, image_self, text_self = self.attentions
        words = self.norms[0](text)
        image = image + image_cross(self.norms[1](image), words, mask)
        text = text + text_cross(words, self.norms[2](image))
        y = self.norms[3](image)
        image = image + image_self(y)
        image = image + self.narrow[0](self.norms[4](image))
        text = text + text_self(self.norms[5](text), mask=mask)
        return image, text + self.narrow[1](self.norms[6](text))


def heads_of(width: int) -> int:
    return max(1, width // 64)


def _outlines(count: int) -> tuple[str, ...]:
    """Names of what a `LevelRefiner` leads, in its order."""
    return tuple(f"outline_{number}" for number in range(count))


class LevelRefiner(nn.Module):
    """The outline at eight times the grid's resolution, from fused tokens and from levels of the image tower."""

    def __init__(self, grid: int, token_width: int, level_widths: tuple[int, ...], channels: int = 64):
        super().__init__()
        self.grid = grid
        self.from_tokens = nn.Conv2d(token_width, channels - 1, 1)
        self.from_levels = nn.ModuleList([nn.Conv2d(width, channels // 2, 1) for width in level_widths])
        sizes = (channels, channels // 2, channels // 4)
        self.stages, previous = nn.ModuleList(), channels
        for number, size in enumerate(sizes):
            extra = channels // 2 if number < len(level_widths) else 0
            self.stages.append(nn.Sequential(ConvNorm(previous + extra, size), ConvNorm(size, size)))
            previous = size
        self.head = nn.Conv2d(previous, 1, 3, padding=1)

    def lead(self, levels: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """What the levels add inside the stages, whatever the text: [n, channels, side, side] for each level.

        The deepest of `levels` joins first. A stage begins with a convolution of fused channels and a level's side by
        side, which is the sum of a convolution of each.
        """
        led = []
        for number, level in enumerate(reversed(levels)):
            cells = self.from_levels[number](level.transpose(1, 2).unflatten(2, (self.grid, self.grid)))
            skip = upsample(cells, 2 ** (number + 1))
            first = self.stages[number][0][0]
            led.append(F.conv2d(skip, first.weight[:, -skip.shape[1] :], padding=first.padding))
        return tuple(led)

    def forward(self, located: Tensor, tokens: Tensor, led: tuple[Tensor, ...], repeat: int) -> Tensor:
        """Logits [n, 1, 8 grid, 8 grid]; `led` from `lead`."""
        cells = (self.grid, self.grid)
        x = self.from_tokens(tokens.transpose(1, 2).unflatten(2, cells))
        x = torch.cat([located.sigmoid().unflatten(1, (1, *cells)).to(x.dtype), x], 1)
        for number, (first, second) in enumerate(self.stages):
            convolution, *after = first
            x = upsample(x, 2)
            x = F.conv2d(x, convolution.weight[:, : x.shape[1]], convolution.bias, padding=convolution.padding)
            if number < len(led):
                x = x + led[number].repeat_interleave(repeat, 0)
            for part in after:
                x = part(x)
            x = second(x)
        return self.head(x).float()


class _OnFrozenTowers(nn.Module):
    """What both kinds share: towers that stay as they are, whatever the mode."""

    def __init__(self, towers: Towers):
        super().__init__()
        self.towers = towers
        self.grid, self.refined = towers.grid, 8 * towers.grid

    def train(self, mode: bool = True):
        super().train(mode)
        self.towers.eval()
        return self

    def _refiner(self, token_width: int, levels: int) -> nn.Module:
        """The tiny CLIP has finer maps of its stem; a vision transformer has only its levels."""
        if isinstance(self.towers, TinyTowers):
            return Refiner(token_width)
        return LevelRefiner(self.grid, token_width, (self.towers.image_width,) * levels)

    def _lead_refiner(self, maps: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return maps if isinstance(self.refiner, Refiner) else self.refiner.lead(maps)

    def _refine(self, located: Tensor, tokens: Tensor, led: tuple[Tensor, ...], repeat: int) -> Tensor:
        if isinstance(self.refiner, Refiner):
            return self.refiner(located, tokens, *led, repeat)
        return self.refiner(located, tokens, led, repeat)


class InsideRisClip(_OnFrozenTowers):
    def __init__(self, towers: Towers, fused: int, shared: int, post: int):
        """`fused`: how many of the last layers have cross-attention; `shared`: its width; `post`: how many fusion
        blocks follow the towers."""
        super().__init__(towers)
        image_width, text_width, layers = towers.image_width, towers.text_width, towers.layers
        self.first_fused = layers - fused
        self.image_adapters = nn.ModuleList([Bottleneck(image_width) for _ in range(2 * layers)])
        self.text_adapters = nn.ModuleList([Bottleneck(text_width) for _ in range(2 * layers)])
        self.image_cross = nn.ModuleList([CrossAdapter(image_width, text_width, shared) for _ in range(fused)])
        self.text_cross = nn.ModuleList([CrossAdapter(text_width, image_width, shared) for _ in range(fused)])
        self.post = nn.ModuleList([PostFusion(towers.embedding) for _ in range(post)])
        self.log_scale = nn.Parameter(torch.tensor(math.log(20.0)))
        self.bias = nn.Parameter(torch.tensor(-2.0))
        # Half-way and at the last layer before the first fused one.
        self._kept = () if isinstance(towers, TinyTowers) else tuple(sorted({(self.first_fused + 1) // 2, self.first_fused} - {0}))
        details = ("stride_8", "stride_4", "stride_2") if isinstance(towers, TinyTowers) else _outlines(len(self._kept))
        self.maps = ("tokens", *details)
        self.refiner = self._refiner(towers.embedding, len(self._kept))

    def _image_layer(self, layer: int, x: Tensor) -> Tensor:
        x = x + self.image_adapters[2 * layer](self.towers.image_attention(layer, x))
        return x + self.image_adapters[2 * layer + 1](self.towers.image_forward(layer, x))

    def _text_layer(self, layer: int, x: Tensor, ids: Tensor) -> Tensor:
        x = x + self.text_adapters[2 * layer](self.towers.text_attention(layer, x, ids))
        return x + self.text_adapters[2 * layer + 1](self.towers.text_forward(layer, x))

    def read_image(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """What does not depend on the text: tokens before the first fused layer, and maps for the refiner."""
        x, details = self.towers.start_image(pixels)
        levels = []
        for layer in range(self.first_fused):
            x = self._image_layer(layer, x)
            if layer + 1 in self._kept:
                levels.append(self.towers.cells(x))
        return (x, *details, *levels)

    def locate(self, image: tuple[Tensor, ...], ids: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [n, cells] and fused tokens [n, cells, embedding] for n texts on n / repeat pictures."""
        x = image[0].repeat_interleave(len(ids) // len(image[0]), 0)
        words, mask = self.towers.start_text(ids), self.towers.word_mask(ids)
        for layer in range(self.towers.layers):
            if layer >= self.first_fused:
                place = layer - self.first_fused
                x = self.image_cross[place](x, words, mask)
                words = self.text_cross[place](words, x)
                x = self._image_layer(layer, x)
            words = self._text_layer(layer, words, ids)
        cells, words = self.towers.embed_cells(self.towers.cells(x)), self.towers.embed_words(words)
        for block in self.post:
            cells, words = block(cells, words, mask)
        whole = F.normalize(self.towers.whole_text(words, ids).float(), dim=-1)
        cosine = (F.normalize(cells.float(), dim=-1) @ whole[:, :, None])[..., 0]
        return self.log_scale.exp() * cosine + self.bias, cells

    def refine(self, image: tuple[Tensor, ...], located: Tensor, tokens: Tensor) -> Tensor:
        """Logits [n, 1, refined, refined]"""
        return self._refine(located, tokens, self._lead_refiner(image[1:]), len(located) // len(image[0]))

    def lead(self, image: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """What the graph of the picture gives (`maps`): all that the text does not change."""
        return (image[0], *self._lead_refiner(image[1:]))

    def ground(self, led: tuple[Tensor, ...], ids: Tensor) -> tuple[Tensor, Tensor]:
        """The locator's and the refiner's logits."""
        located, tokens = self.locate(led, ids)
        return located, self._refine(located, tokens, led[1:], len(located) // len(led[0]))


class LadderRisClip(_OnFrozenTowers):
    """For `VitTowers`; the tiny CLIP's ladder is `risclip.RisClip`."""

    def __init__(self, towers: VitTowers, levels: int, width: int):
        """`levels`: how many layers of the towers are read, evenly spaced; `width` of the ladder."""
        super().__init__(towers)
        self.kept = tuple(round((number + 1) * towers.layers / levels) for number in range(levels))
        self.locator = Locator(towers.image_width, towers.text_width, towers.embedding, levels, width, towers.grid)
        self._outlined = min(levels, 3)
        self.maps = (*(f"level_{number}" for number in self.kept), "dense", *_outlines(self._outlined))
        self.refiner = self._refiner(width, self._outlined)

    @torch.no_grad()
    def read_image(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Levels [n, cells, width] and dense embeddings [n, cells, embedding] of length 1."""
        x, _ = self.towers.start_image(pixels)
        levels = []
        for layer in range(self.towers.layers):
            x = x + self.towers.image_attention(layer, x)
            x = x + self.towers.image_forward(layer, x)
            if layer + 1 in self.kept:
                levels.append(self.towers.cells(x))
        return (*levels, F.normalize(self.towers.embed_cells(levels[-1]).float(), dim=-1))

    @torch.no_grad()
    def _read_text(self, ids: Tensor) -> tuple[list[Tensor], Tensor, Tensor]:
        """Levels with the token of the whole text put first, where the locator reads it; embedding; mask."""
        x, levels = self.towers.start_text(ids), []
        for layer in range(self.towers.layers):
            x = x + self.towers.text_attention(layer, x, ids)
            x = x + self.towers.text_forward(layer, x)
            if layer + 1 in self.kept:
                levels.append(torch.cat([self.towers.whole_text(x, ids)[:, None], x], 1))
        embedding = self.towers.whole_text(self.towers.embed_words(x), ids)
        mask = F.pad(self.towers.word_mask(ids), (1, 0), value=True)
        return levels, F.normalize(embedding.float(), dim=-1), mask

    def locate(self, image: tuple[Tensor, ...], ids: Tensor) -> tuple[Tensor, Tensor]:
        return self._locate(self.locator.lead(image[:-1]), image[-1], ids)

    def _locate(self, led_levels: tuple[Tensor, ...], dense: Tensor, ids: Tensor) -> tuple[Tensor, Tensor]:
        levels, embedding, mask = self._read_text(ids)
        return self.locator(led_levels, dense, levels, embedding, mask, len(ids) // len(dense))

    def refine(self, image: tuple[Tensor, ...], located: Tensor, tokens: Tensor) -> Tensor:
        led = self.refiner.lead(image[: self._outlined])
        return self._refine(located, tokens, led, len(located) // len(image[0]))

    def lead(self, image: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """What the graph of the picture gives (`maps`): all that the text does not change."""
        return (*self.locator.lead(image[:-1]), image[-1], *self.refiner.lead(image[: self._outlined]))

    def ground(self, led: tuple[Tensor, ...], ids: Tensor) -> tuple[Tensor, Tensor]:
        """The locator's and the refiner's logits."""
        count = len(self.kept)
        located, tokens = self._locate(led[:count], led[count], ids)
        return located, self._refine(located, tokens, led[count + 1 :], len(ids) // len(led[0]))
