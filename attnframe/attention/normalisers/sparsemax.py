"""Sparsemax."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.normalisers.base import Normaliser, segment_max, segment_sum, widened
from attnframe.attention.normalisers.ranked import Ranked

# A score more than 1 below the largest never has weight, so this stands for a hidden key once the largest is 0.
_BELOW = -2.0


class Sparsemax(Normaliser):
    """Euclidean projection of the visible scores onto the simplex (Martins and Astudillo 2016,
    https://arxiv.org/abs/1602.02068); many weights are exactly 0.

    weight_j = max(s_j - tau, 0), tau such that the weights sum to one

    tau is exact, from the sorted scores. Its support is found without gradient; tau is then a mean over the support,
    whose derivative is the paper's Jacobian diag(s) - s s^T / |s| with s the indicator of the support.
    """

    rows_sum_to_one = True

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        wide = widened(scores)
        visible = torch.ones_like(wide, dtype=torch.bool) if allowed is None else allowed.expand_as(wide)
        lowest = torch.finfo(wide.dtype).min
        top = wide.detach().masked_fill(~visible, lowest).amax(dim=-1, keepdim=True)
        shifted = (wide - top).masked_fill(~visible, _BELOW)
        with torch.no_grad():
            ordered = shifted.sort(dim=-1, descending=True).values
            rank = torch.arange(1, wide.shape[-1] + 1, device=wide.device, dtype=wide.dtype)
            total = ordered.cumsum(dim=-1)
            size = (1 + rank * ordered > total).sum(dim=-1, keepdim=True)
            threshold = (total.gather(-1, size - 1) - 1) / size
            support = (shifted > threshold) & visible
        # A row that sees nothing has an empty support, hence weights 0 and no gradient.
        inside = shifted.masked_fill(~support, 0.0).sum(dim=-1, keepdim=True)
        tau = (inside - 1) / support.sum(dim=-1, keepdim=True).clamp(min=1)
        return (shifted - tau).masked_fill(~support, 0.0).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        if len(index) == 0:
            return scores
        wide = widened(scores)
        top = segment_max(wide, index, num_segments)
        shifted = (wide - top[index]).unsqueeze(-1).flatten(1)  # (N, M)
        with torch.no_grad():
            support = shifted > _thresholds(shifted, index, num_segments)[index]
        inside = segment_sum(shifted.masked_fill(~support, 0.0), index, num_segments)
        tau = (inside - 1) / segment_sum(support.to(wide.dtype), index, num_segments).clamp(min=1)
        return (shifted - tau[index]).masked_fill(~support, 0.0).view_as(scores).to(scores.dtype)


def _thresholds(shifted: Tensor, index: Tensor, num_segments: int) -> Tensor:
    """tau (num_segments, M) of scores (N, M) whose largest in each segment is 0."""
    ranked = Ranked.of(shifted.clamp(min=_BELOW), index, num_segments)
    running = ranked.running(ranked.values)
    size = ranked.count(1 + ranked.rank * ranked.values > running).clamp(min=1)
    return ((ranked.at(running, size) - 1) / size).to(shifted.dtype)
