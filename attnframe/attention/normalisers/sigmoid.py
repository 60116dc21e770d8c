"""Sigmoid attention."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.normalisers.base import Normaliser, widened


class Sigmoid(Normaliser):
    """Sigmoid of each score by itself, shifted by the number of visible keys (Ramapuram et al. 2024,
    https://arxiv.org/abs/2409.04431).

    weight_j = 1 / (1 + exp(-(s_j - log n))), n = number of keys that the query sees

    The paper shifts by the sequence length. Counting visible keys is the same where all are visible, and keeps the
    weights when padding is added or the keys come from a cache. Rows do not sum to one.
    """

    rows_sum_to_one = False

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        wide = widened(scores)
        if allowed is None:
            return torch.sigmoid(wide - wide.new_tensor(scores.shape[-1]).log()).to(scores.dtype)
        share = scores.shape[-1] if allowed.shape[-1] == 1 else 1
        count = allowed.sum(dim=-1, keepdim=True).clamp(min=1) * share
        filled = wide.masked_fill(~allowed, 0.0)
        return torch.sigmoid(filled - count.to(wide.dtype).log()).masked_fill(~allowed, 0.0).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        wide = widened(scores)
        count = torch.bincount(index, minlength=num_segments).to(wide.dtype)
        shift = count.log()[index].view(-1, *[1] * (wide.dim() - 1))
        return torch.sigmoid(wide - shift).to(scores.dtype)
