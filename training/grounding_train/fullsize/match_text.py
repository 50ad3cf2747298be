"""BLIP's text encoder with Grad-CAM, computed in the order that costs least.

The numbers are those of the model's own classes up to rounding. Two things are left out: keys and values of the
picture's hundreds of tokens (few_queries.py; a text has few tokens), and of the last layer all but the first token,
from which alone the match is read.
"""

import torch
from torch import Tensor, nn
from transformers import BlipForImageTextRetrieval

from .few_queries import collect, split_heads, spread

_MASKED = -1e4


def _self_attention(layer: nn.Module, queried: Tensor, x: Tensor, mask: Tensor) -> Tensor:
    """What the tokens `queried` [n, q, width] become by looking at all of `x` [n, t, width]."""
    own = layer.attention.self
    query, key, value = (split_heads(part, own.num_attention_heads) for part in (own.query(queried), own.key(x), own.value(x)))
    weights = (query @ key.transpose(-1, -2) * own.attention_head_size**-0.5 + mask).softmax(-1)
    return layer.attention.output((weights @ value).transpose(1, 2).flatten(2), queried)


def _look(layer: nn.Module, x: Tensor, image: Tensor) -> Tensor:
    """How the tokens [n, t, width] spread their attention over the picture's [n, c, image width]: [n, heads, t, c]."""
    own = layer.crossattention.self
    return spread(split_heads(own.query(x), own.num_attention_heads), own.key, image)


def _see(layer: nn.Module, x: Tensor, image: Tensor, attention: Tensor) -> Tensor:
    """The rest of a layer, with the cross-attention as it is given."""
    seen = collect(attention, layer.crossattention.self.value, image)
    return layer.feed_forward_chunk(layer.crossattention.output(seen, x))


class MatchText(nn.Module):
    """Image embeddings and token ids, the first of them [ENC], to match logits and the Grad-CAM of one block."""

    def __init__(self, model: BlipForImageTextRetrieval, block: int):
        super().__init__()
        layers = model.config.text_config.num_hidden_layers
        # After the last block's cross-attention no token looks at another: of its maps the words' are zero.
        if not 0 <= block < layers - 1:
            raise ValueError(f"Grad-CAM can take the blocks 0 to {layers - 2} of this text encoder; not {block}.")
        self.encoder, self.head, self.block = model.text_encoder, model.itm_head, block

    def forward(self, image_embeds: Tensor, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits [1, 2] (1: match), heat map [1, h, w] (mean over the words), map of each token [1, t, h, w].

        As LAVIS's compute_gradcam: cross-attention times the positive part of the match logit's gradient, mean
        over heads, without the image's class token. Words are the tokens between [ENC] and [SEP].
        """
        mask = (1 - attention_mask.float())[:, None, None, :] * _MASKED
        *layers, last = self.encoder.encoder.layer
        explained = layers[self.block]
        with torch.no_grad():
            x = self.encoder.embeddings(input_ids)
            for layer in layers[: self.block]:
                x = _self_attention(layer, x, x, mask)
                x = _see(layer, x, image_embeds, _look(layer, x, image_embeds))
            x = _self_attention(explained, x, x, mask)
            attention = _look(explained, x, image_embeds)
        with torch.enable_grad():
            # All that depends on the attention lies downstream, so a leaf in its place has its whole gradient.
            leaf, image = attention.detach().requires_grad_(True), image_embeds.detach()
            y = _see(explained, x.detach(), image, leaf)
            for layer in layers[self.block + 1 :]:
                y = _self_attention(layer, y, y, mask)
                y = _see(layer, y, image, _look(layer, y, image))
            y = _self_attention(last, y[:, :1], y, mask)
            logits = self.head(_see(last, y, image, _look(last, y, image))[:, 0])
            (gradient,) = torch.autograd.grad(logits[:, 1].sum(), leaf)
        return logits.detach(), *_maps(attention, gradient, attention_mask.float())


def _maps(attention: Tensor, gradient: Tensor, is_token: Tensor) -> tuple[Tensor, Tensor]:
    """The heat map [1, h, w] and each token's map [1, t, h, w] of an attention [1, heads, t, 1 + h w]."""
    side = round((attention.shape[-1] - 1) ** 0.5)
    maps = (attention * gradient.clamp(min=0))[..., 1:].mean(1).unflatten(2, (side, side)) * is_token[:, :, None, None]
    count = is_token.sum(1) - 2
    places = torch.arange(is_token.shape[1])[None]
    is_word = ((places >= 1) & (places <= count[:, None])).float()[:, :, None, None]
    return (maps * is_word).sum(1) / count.clamp(min=1)[:, None, None], maps
