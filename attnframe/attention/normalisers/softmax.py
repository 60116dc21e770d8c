"""Softmax."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.normalisers.base import FusedForm, Normaliser, segment_max, segment_sum, widened


class Softmax(Normaliser):
    """Softmax over the visible keys (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).

    weight_j = exp(s_j) / sum_{i visible} exp(s_i)
    """

    rows_sum_to_one = True

    def fused(self) -> FusedForm:
        return FusedForm()

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        wide = widened(scores)
        if allowed is None:
            return torch.softmax(wide, dim=-1).to(scores.dtype)
        # The second fill clears the rows that see nothing, and keeps gradients from flowing through them.
        hidden = ~allowed
        filled = wide.masked_fill(hidden, torch.finfo(wide.dtype).min)
        return torch.softmax(filled, dim=-1).masked_fill(hidden, 0.0).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        wide = widened(scores)
        shifted = torch.exp(wide - segment_max(wide, index, num_segments)[index])
        return (shifted / segment_sum(shifted, index, num_segments)[index]).to(scores.dtype)
