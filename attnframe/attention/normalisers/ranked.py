"""Scores sorted within their segments."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Ranked:
    """The rows of (N, M) scores, each column sorted by segment and by falling score within it; without gradient.

    Sums run over all segments, so everything is kept in float64.

    Args:
        values: (N, M) sorted scores.
        segment: (N, M) segment of each. rank: (N, M) place within it, from 1.
        start: (num_segments,) row of the first of each segment. size: (num_segments,) rows in it.
    """

    values: Tensor
    segment: Tensor
    rank: Tensor
    start: Tensor
    size: Tensor

    @classmethod
    def of(cls, scores: Tensor, index: Tensor, num_segments: int) -> Ranked:
        """Sort scores (N, M) whose rows are of the segments `index` (N,)."""
        values, order = scores.detach().double().sort(dim=0, descending=True)
        segment, order = index[order].sort(dim=0, stable=True)
        size = torch.bincount(index, minlength=num_segments)
        start = size.cumsum(0) - size
        rank = torch.arange(1, len(index) + 1, device=index.device).unsqueeze(1) - start[segment]
        return cls(values.gather(0, order), segment, rank, start, size)

    def running(self, values: Tensor) -> Tensor:
        """Sums (N, M) of (N, M) values from the first of the segment up to each."""
        total = values.cumsum(dim=0)
        before = total - values
        return total - before.gather(0, self.start.clamp(max=max(len(values) - 1, 0))[self.segment])

    def at(self, values: Tensor, rank: Tensor) -> Tensor:
        """What (N, M) values are at a rank (num_segments, M) from 1 of each segment; anything in an empty one."""
        return values.gather(0, (self.start.unsqueeze(1) + rank - 1).clamp(0, len(values) - 1))

    def count(self, chosen: Tensor) -> Tensor:
        """How many of bool (N, M) are True in each segment, (num_segments, M)."""
        zeros = torch.zeros(len(self.size), chosen.shape[1], dtype=torch.long, device=chosen.device)
        return zeros.scatter_add(0, self.segment, chosen.long())
