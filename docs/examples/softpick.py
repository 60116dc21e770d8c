"""Rectified softmax, a variant of one's own: attnframe train plugin=nlp attention=docs/examples/softpick.py"""

from typing import ClassVar

import torch

from attnframe import Attention
from attnframe.attention.mixer import Mixer, share_heads
from attnframe.attention.normalisers.base import widened
from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities


class SoftpickMixer(Mixer):
    """weight_j = relu(e^s_j - 1) / sum_i |e^s_i - 1| over the visible keys, s_j = <q, k_j> / sqrt(E)."""

    takes_bias = False

    def forward(self, query, key, value, call):
        return self.weights(query, key, call, slice(None)) @ share_heads(query, value)

    def weights(self, query, key, call, rows):
        visible = call.visible(rows)
        scores = query[:, :, rows] @ share_heads(query, key).mT * query.shape[-1] ** -0.5
        scores = widened(scores).masked_fill(~visible, 0)  # float32 and finite, also in half precision
        largest = scores.amax(-1, keepdim=True).clamp(min=0)
        above = (torch.exp(scores - largest) - torch.exp(-largest)).masked_fill(~visible, 0)
        return (above.relu() / (above.abs().sum(-1, keepdim=True) + 1e-6)).to(query.dtype)


@frozen
class Softpick(AttentionVariant):
    """Rectified softmax, whose rows may sum to 0 (Zuhri, Fuadi and Aji 2025, https://arxiv.org/abs/2504.20966).

    Args:
        num_heads: query heads H; must divide the model width.
    """

    name: ClassVar[str] = "softpick"
    summary: ClassVar[str] = "rectified softmax, no attention sink (Zuhri et al. 2025)"
    capabilities: ClassVar[Capabilities] = Capabilities(bias=False, dropout=False, exact=False, shares=False)

    def build(self, dim, *, causal=False, position=None, context_dim=None):
        mixer = SoftpickMixer()
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
