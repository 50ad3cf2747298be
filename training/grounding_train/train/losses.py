"""What tells the locator and the refiner how wrong they are; logits in, never probabilities."""

import torch.nn.functional as F
from torch import Tensor

from ..configuration import Loss


def focal(logits: Tensor, truth: Tensor, alpha: float, gamma: float) -> Tensor:
    """Lin et al. 2017, for soft truths too: what is nearly right counts little."""
    probability = logits.sigmoid()
    right = probability * truth + (1 - probability) * (1 - truth)
    weight = alpha * truth + (1 - alpha) * (1 - truth)
    return (weight * (1 - right) ** gamma * F.binary_cross_entropy_with_logits(logits, truth, reduction="none")).mean()


def dice(logits: Tensor, truth: Tensor) -> Tensor:
    """Over [n, cells]"""
    probability = logits.sigmoid()
    inner, both = (probability * truth).sum(1), probability.sum(1) + truth.sum(1)
    return (1 - (2 * inner + 1) / (both + 1)).mean()


def mask_loss(logits: Tensor, truth: Tensor, weight: float, loss: Loss) -> Tensor:
    """[n, cells]: the share of each cell that the object covers is the truth."""
    if loss.pixel == "focal":
        pixel = focal(logits, truth, loss.focal_alpha, loss.focal_gamma)
    else:
        pixel = F.binary_cross_entropy_with_logits(logits, truth)
    return weight * pixel + loss.dice_weight * dice(logits, truth)


def locator_loss(logits: Tensor, truth: Tensor, loss: Loss) -> Tensor:
    total = mask_loss(logits, truth, loss.locator_weight, loss)
    if loss.place_weight:
        share = truth / truth.sum(1, keepdim=True).clamp(min=1e-6)
        total = total - loss.place_weight * (logits.log_softmax(1) * share).sum(1).mean()
    return total
