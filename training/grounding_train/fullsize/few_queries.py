"""Attention of a few queries to many tokens, in the order that costs least.

Keys and values of the many tokens are never made. `q (W k)` is `(q W) k`: the few queries are brought to the tokens'
space instead, and their sums of tokens brought back. The numbers are the same up to rounding. The keys' bias adds the
same to every score of a query, which the softmax cancels.
"""

from torch import Tensor, nn


def split_heads(x: Tensor, heads: int) -> Tensor:
    """[n, t, width] to [n, heads, t, width / heads]"""
    return x.unflatten(2, (heads, -1)).transpose(1, 2)


def spread(query: Tensor, key: nn.Linear, seen: Tensor) -> Tensor:
    """How queries [n, heads, t, width / heads] spread their attention over the tokens seen [n, c, w]: [n, heads, t, c]."""
    heads, width = query.shape[1], query.shape[3]
    query = (query * width**-0.5) @ key.weight.unflatten(0, (heads, width))
    return (query.flatten(1, 2) @ seen.transpose(-1, -2)).unflatten(1, query.shape[1:3]).softmax(-1)


def collect(attention: Tensor, value: nn.Linear, seen: Tensor) -> Tensor:
    """The values that an attention [n, heads, t, c] takes from the tokens seen [n, c, w]: [n, t, width]."""
    heads = attention.shape[1]
    sums = (attention.flatten(1, 2) @ seen).unflatten(1, attention.shape[1:3])
    # A query's weights add up to 1, but gradients of the weights take notice of the bias.
    bias = attention.sum(-1, keepdim=True) * value.bias.unflatten(0, (heads, 1, -1))
    return (sums @ value.weight.unflatten(0, (heads, -1)).transpose(-1, -2) + bias).transpose(1, 2).flatten(2)
