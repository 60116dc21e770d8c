"""The normaliser contract: how scores become weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn


class Normaliser(nn.Module, ABC):
    """Base of normalisers. Rule E: a query without a visible key gets weights of exactly 0 and finite gradients.

    Half-precision scores are normalised in float32, and infinite ones count as the largest finite number.
    """

    rows_sum_to_one: ClassVar[bool]
    """Whether the weights of a query that sees a key sum to one."""

    @abstractmethod
    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        """Weights over the last axis.

        Args:
            scores: (..., S).
            allowed: bool, broadcastable to `scores`, True = may attend; None when all are. Other scores are never read,
                so may be NaN.

        Returns:
            Weights of the shape and dtype of `scores`, exactly 0 where not allowed.
        """

    @abstractmethod
    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        """Weights over segments, as over the incoming edges of each node.

        Args:
            scores: (N, ...), one row an edge; trailing axes (heads) are normalised apart.
            index: (N,) int64 segment of each row, in any order, in [0, num_segments).
            num_segments: number of segments, empty ones included.

        Returns:
            Weights of the shape and dtype of `scores`.
        """


def widened(scores: Tensor) -> Tensor:
    """Scores in a type that is safe to exponentiate and sum: half precision becomes float32, its overflows finite."""
    if scores.dtype not in (torch.float16, torch.bfloat16):
        return scores
    limit = torch.finfo(torch.float32).max
    return scores.float().clamp(-limit, limit)


def segment_sum(values: Tensor, index: Tensor, num_segments: int) -> Tensor:
    """Sums (num_segments, ...) of the rows of values (N, ...) by segment."""
    return values.new_zeros(num_segments, *values.shape[1:]).index_add(0, index, values)


def segment_max(values: Tensor, index: Tensor, num_segments: int) -> Tensor:
    """Largest row entry (num_segments, ...) of each segment, without gradient; 0 for an empty one."""
    rows = index.view(-1, *[1] * (values.dim() - 1)).expand_as(values)
    zeros = values.new_zeros(num_segments, *values.shape[1:])
    return zeros.scatter_reduce(0, rows, values.detach(), "amax", include_self=False)
