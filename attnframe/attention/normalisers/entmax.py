"""Entmax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from attnframe.attention.normalisers.base import Normaliser, segment_max, segment_sum, widened
from attnframe.attention.normalisers.ranked import Ranked
from attnframe.errors import ConfigurationError, Fault

# With the largest at 0, a scaled score of -1 or less never has weight, so this stands for a hidden key.
_BELOW = -2.0

Sums = Callable[[Tensor], Tensor]
"""Sums of a tensor over the keys of each query, broadcastable to it."""


class Entmax(Normaliser):
    """Alpha-entmax: between softmax (alpha to 1) and sparsemax (alpha = 2), with weights of exactly 0 (Peters, Niculae
    and Martins 2019, https://arxiv.org/abs/1905.05702).

    weight_j = max((alpha - 1) s_j - tau, 0)^(1 / (alpha - 1)), tau such that the weights sum to one

    For alpha = 1.5 tau is exact, from the sorted scores; else it is found by bisection to the precision of the type.
    The gradient is that of the definition, from the weights w alone: diag(g) - g g^T / sum(g) with g = w^(2 - alpha) on
    the support.

    Args:
        alpha: above 1; larger is sparser.

    Raises:
        ConfigurationError: when `alpha` is not above 1.
    """

    rows_sum_to_one = True

    def __init__(self, alpha: float = 1.5) -> None:
        super().__init__()
        if not alpha > 1:
            works = "Use Softmax for 1."
            raise ConfigurationError(Fault("alpha (Entmax)", "must be above 1", repr(alpha), works))
        self.alpha = alpha

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        def total(x: Tensor) -> Tensor:
            return x.sum(dim=-1, keepdim=True)

        def solve(wide: Tensor) -> Tensor:
            lowest = torch.finfo(wide.dtype).min
            visible = wide if allowed is None else wide.masked_fill(~allowed, lowest)
            scaled = (visible - visible.amax(dim=-1, keepdim=True)) * (self.alpha - 1)
            if allowed is not None:
                scaled = scaled.masked_fill(~allowed, _BELOW)
            if self.alpha == 1.5:
                weights = _sharpened(scaled, _threshold(scaled), total)
            else:
                weights = _bisected(scaled, scaled.shape[-1], self.alpha, total)
            return weights if allowed is None else weights.masked_fill(~allowed, 0.0)

        return _weights(widened(scores), solve, self.alpha, total).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        if len(index) == 0:
            return scores

        def total(x: Tensor) -> Tensor:
            return segment_sum(x, index, num_segments)[index]

        def solve(wide: Tensor) -> Tensor:
            scaled = (wide - segment_max(wide, index, num_segments)[index]) * (self.alpha - 1)
            if self.alpha == 1.5:
                columns = scaled.unsqueeze(-1).flatten(1)
                threshold = _threshold_of_segments(columns, index, num_segments)[index].view_as(scaled)
                return _sharpened(scaled, threshold, total)
            return _bisected(scaled, len(index), self.alpha, total)

        return _weights(widened(scores), solve, self.alpha, total).to(scores.dtype)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}"


def _threshold(scaled: Tensor) -> Tensor:
    """tau (..., 1) for alpha = 1.5, of scores (..., S) that are halved and 0 at most."""
    ordered = scaled.sort(dim=-1, descending=True).values
    rank = torch.arange(1, scaled.shape[-1] + 1, device=scaled.device, dtype=scaled.dtype)
    candidates = _candidates(ordered.cumsum(dim=-1), ordered.square().cumsum(dim=-1), rank)
    size = (candidates <= ordered).sum(dim=-1, keepdim=True).clamp(min=1)
    return candidates.gather(-1, size - 1)


def _threshold_of_segments(scaled: Tensor, index: Tensor, num_segments: int) -> Tensor:
    """tau (num_segments, M) for alpha = 1.5, of scores (N, M) that are halved and 0 at most."""
    ranked = Ranked.of(scaled.clamp(min=_BELOW), index, num_segments)
    squares = ranked.running(ranked.values.square())
    candidates = _candidates(ranked.running(ranked.values), squares, ranked.rank)
    size = ranked.count(candidates <= ranked.values).clamp(min=1)
    return ranked.at(candidates, size).to(scaled.dtype)


def _candidates(total: Tensor, squares: Tensor, rank: Tensor) -> Tensor:
    """The tau of which sum_j (s_j - tau)^2 = 1 over as many of the largest scores as the rank says."""
    mean = total / rank
    return mean - ((1 - (squares - total * mean)).clamp(min=0) / rank).sqrt()


def _sharpened(scaled: Tensor, threshold: Tensor, total: Sums) -> Tensor:
    """Weights for alpha = 1.5 from a threshold that fixes the support; tau is made anew from it, free of the rounding
    of long running sums.
    """
    support = scaled > threshold
    size = total(support.to(scaled.dtype)).clamp(min=1)
    mean = total(scaled.masked_fill(~support, 0.0)) / size
    spread = total((scaled - mean).masked_fill(~support, 0.0).square())
    tau = mean - ((1 - spread).clamp(min=0) / size).sqrt()
    return (scaled - tau).clamp(min=0).masked_fill(~support, 0.0).square()


def _bisected(scaled: Tensor, most: int, alpha: float, total: Sums) -> Tensor:
    """Weights of scores that are scaled by alpha - 1 and 0 at most, for `most` keys at most."""
    power = 1 / (alpha - 1)
    low = torch.full_like(total(scaled), -1.0)  # the largest alone has weight 1 there
    width = 1 - max(most, 1) ** (1 - alpha)  # and at its end even equal scores have weights of 1 / most
    for _ in range(60 if scaled.dtype == torch.float64 else 30):
        width /= 2
        middle = low + width
        enough = total((scaled - middle).clamp(min=0).pow(power)) >= 1
        low = torch.where(enough, middle, low)
    weights = (scaled - low).clamp(min=0).pow(power)
    return weights / total(weights).clamp(min=torch.finfo(scaled.dtype).tiny)


def _weights(scores: Tensor, solve: Callable[[Tensor], Tensor], alpha: float, total: Sums) -> Tensor:
    apply: Callable[..., Tensor] = _Solution.apply
    return apply(scores, solve, alpha, total)


class _Solution(torch.autograd.Function):
    """Weights that solve the definition, and the derivative that the definition gives them."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, solve: Callable[[Tensor], Tensor], alpha: float, total: Sums) -> Tensor:
        weights = solve(scores)
        ctx.save_for_backward(weights)
        ctx.alpha, ctx.total = alpha, total
        return weights

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        (weights,) = ctx.saved_tensors
        inside = weights > 0
        slope = weights.masked_fill(~inside, 1.0).pow(2 - ctx.alpha).masked_fill(~inside, 0.0)
        part = slope * grad
        mean = ctx.total(part) / ctx.total(slope).clamp(min=torch.finfo(slope.dtype).tiny)
        return part - slope * mean, None, None, None
