"""ReLU attention."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.normalisers.base import Normaliser, widened


class Relu(Normaliser):
    """The positive part of each score by itself, divided so that outputs keep the variance of the values (Shen et al.
    2023, https://arxiv.org/abs/2302.06461).

    weight_j = max(s_j, 0) / sqrt(n / 2), n = number of keys that the query sees

    A score of unit variance has E[max(s, 0)^2] = 1 / 2, so a sum of n values of unit variance has variance n / 2 before
    it is divided. The paper takes n as the sequence length; counting visible keys is the same where all are visible,
    and keeps the weights when padding is added or the keys come from a cache. Rows do not sum to one, and nothing
    bounds a weight but the largest number of its type.
    """

    rows_sum_to_one = False

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        if allowed is None:
            return _narrowed(F.relu(widened(scores)) / math.sqrt(scores.shape[-1] / 2), scores)
        share = scores.shape[-1] if allowed.shape[-1] == 1 else 1
        count = (allowed.sum(dim=-1, keepdim=True) * share).clamp(min=1)
        positive = F.relu(widened(scores).masked_fill(~allowed, 0.0))
        return _narrowed(positive * (count.to(positive.dtype) / 2).rsqrt(), scores)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        positive = F.relu(widened(scores))
        count = torch.bincount(index, minlength=num_segments).clamp(min=1).to(positive.dtype)
        return _narrowed(positive * (count / 2).rsqrt()[index].view(-1, *[1] * (scores.dim() - 1)), scores)


def _narrowed(weights: Tensor, scores: Tensor) -> Tensor:
    """Weights in the type of the scores, without overflow."""
    if weights.dtype == scores.dtype:
        return weights
    return weights.clamp(max=torch.finfo(scores.dtype).max).to(scores.dtype)
