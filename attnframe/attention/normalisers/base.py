"""The normaliser contract: how scores become weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class FusedForm:
    """How a fused softmax kernel gives the weights of a normaliser.

    weight_j = exp(s_j / temperature) / (exp(sink) + sum_{i visible} exp(s_i / temperature))

    Args:
        temperature: what scores and bias are divided by, above 0.
        sink: logit of a key that has no value, for each query head (H,) or the same for all; None for no such key.
    """

    temperature: float = 1.0
    sink: Tensor | float | None = None


class Normaliser(nn.Module, ABC):
    """Base of normalisers. Rule E: a query without a visible key gets weights of exactly 0 and finite gradients.

    Half-precision scores are normalised in float32, and infinite ones count as the largest finite number.
    """

    rows_sum_to_one: bool
    """Whether the weights of a query that sees a key sum to one."""

    def fused(self) -> FusedForm | None:
        """The form that lets fused softmax kernels serve; None when there is none."""
        return None

    @abstractmethod
    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        """Weights over the last axis.

        Args:
            scores: (..., S); (..., H, T, S) where heads have parameters of their own.
            allowed: bool, broadcastable to `scores`, True = may attend; None when all are. Other scores are never read,
                so may be NaN.

        Returns:
            Weights of the shape and dtype of `scores`, exactly 0 where not allowed.
        """

    @abstractmethod
    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        """Weights over segments, as over the incoming edges of each node.

        Args:
            scores: (N, ..., H), one row an edge, whose trailing axes are normalised apart and end with the heads; or
                (N,), where segments of the same node count up over the heads, so that segment s is one of head s % H.
            index: (N,) int64 segment of each row, in any order, in [0, num_segments).
            num_segments: number of segments, empty ones included.

        Returns:
            Weights of the shape and dtype of `scores`.
        """


def widened(scores: Tensor, temperature: float = 1.0) -> Tensor:
    """Scores over a temperature in a type that is safe to exponentiate and sum: half precision becomes float32, its
    overflows finite.
    """
    if scores.dtype not in (torch.float16, torch.bfloat16):
        return scores if temperature == 1 else scores / temperature
    limit = torch.finfo(torch.float32).max
    return (scores.float() / temperature).clamp(-limit, limit)


def segment_sum(values: Tensor, index: Tensor, num_segments: int) -> Tensor:
    """Sums (num_segments, ...) of the rows of values (N, ...) by segment."""
    return values.new_zeros(num_segments, *values.shape[1:]).index_add(0, index, values)


def segment_max(values: Tensor, index: Tensor, num_segments: int) -> Tensor:
    """Largest row entry (num_segments, ...) of each segment, without gradient; 0 for an empty one."""
    rows = index.view(-1, *[1] * (values.dim() - 1)).expand_as(values)
    zeros = values.new_zeros(num_segments, *values.shape[1:])
    return zeros.scatter_reduce(0, rows, values.detach(), "amax", include_self=False)
