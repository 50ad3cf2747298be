"""The refiner's work on a picture is done once; the outline is that of channels laid side by side."""

import pytest
import torch

from grounding_train.export.onnx_file import fold_normalisation
from grounding_train.fullsize.build import random_weights
from grounding_train.models.adapted import LevelRefiner
from grounding_train.models.layers import upsample

GRID, TOKENS, LEVELS = 7, 32, (48, 48)


def side_by_side(refiner: LevelRefiner, located, tokens, levels, repeat: int):
    """As a decoder is usually drawn: the deepest level joins first, and each stage sees fused channels and a level's."""
    cells = (GRID, GRID)
    x = refiner.from_tokens(tokens.transpose(1, 2).unflatten(2, cells))
    x = torch.cat([located.sigmoid().unflatten(1, (1, *cells)), x], 1)
    for number, stage in enumerate(refiner.stages):
        x = upsample(x, 2)
        if number < len(levels):
            level = refiner.from_levels[number](levels[len(levels) - 1 - number].transpose(1, 2).unflatten(2, cells))
            x = torch.cat([x, upsample(level, 2 ** (number + 1)).repeat_interleave(repeat, 0)], 1)
        x = stage(x)
    return refiner.head(x)


@pytest.mark.parametrize("folded", (False, True))
@torch.no_grad()
def test_a_convolution_in_two_parts_is_the_whole(folded):
    torch.manual_seed(0)
    refiner = random_weights(LevelRefiner(GRID, TOKENS, LEVELS))
    if folded:
        fold_normalisation(refiner)
    levels = tuple(torch.randn(2, GRID * GRID, width) for width in LEVELS)
    located, tokens = torch.randn(6, GRID * GRID), torch.randn(6, GRID * GRID, TOKENS)
    wanted = side_by_side(refiner, located, tokens, levels, repeat=3)
    found = refiner(located, tokens, refiner.lead(levels), repeat=3)
    assert found.shape == (6, 1, 8 * GRID, 8 * GRID) and wanted.std() > 0.01
    assert (found - wanted).abs().max() < 1e-5 * wanted.abs().max()
