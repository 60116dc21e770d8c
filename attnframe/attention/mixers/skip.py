"""A gated skip connection around any mixer."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers.around import AroundMixer


class SkipMixer(AroundMixer):
    """Lets each query keep some of a projection of its own features, by a gate that weighs them against what it gets
    (Shi et al. 2021, https://arxiv.org/abs/2009.03509).

    r_i = x_i Wr + b,  beta_i = sigmoid(<w, [mix_i, r_i, mix_i - r_i]>)
    out_i = beta_i r_i + (1 - beta_i) mix_i

    over the features of all heads side by side, so a token has one gate. It starts at one half. What the query keeps is
    no attention, so a query that may see no key keeps its own features: only the mixed values are 0 then.

    Args:
        inner: how values are mixed.
        num_heads: query heads H.
        value_dim: width V of the values of a head.
    """

    def __init__(self, inner: Mixer, num_heads: int, value_dim: int) -> None:
        super().__init__(inner, {"skip": value_dim})
        self.gate = nn.Parameter(torch.zeros(3 * num_heads * value_dim))  # w

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        mixed, kept = super().finish(mixed, call), call.signals["skip"]
        # <w1, m> + <w2, r> + <w3, m - r> = <w1 + w3, m> + <w2 - w3, r>
        first, second, third = self.gate.view(3, mixed.shape[1], 1, mixed.shape[3])  # (H, 1, V) each
        total = (mixed * (first + third) + kept * (second - third)).sum((1, 3), keepdim=True)  # (B, 1, T, 1)
        return torch.lerp(mixed, kept, torch.sigmoid(total))
