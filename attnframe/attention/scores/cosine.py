"""The cosine score."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from attnframe.attention.scores.base import DotScore


class Cosine(DotScore):
    """Cosine of query and key times a learned scale for each query head (Henry et al. 2020,
    https://arxiv.org/abs/2010.04245; Liu et al. 2022, Swin v2, https://arxiv.org/abs/2111.09883).

    score(q, k) = tau_h * <q, k> / (|q| |k|),  0 < tau_h <= 100

    tau starts at 10 and is learned as its logarithm. The zero vector has cosine 0 with everything.

    Args:
        num_heads: query heads H.
    """

    scale = 1.0

    def __init__(self, num_heads: int) -> None:
        super().__init__()
        self.log_tau = nn.Parameter(torch.empty(num_heads, 1, 1))  # (H, 1, 1)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set every tau to 10."""
        nn.init.constant_(self.log_tau, math.log(10.0))

    def map_query(self, query: Tensor) -> Tensor:
        return _unit(query) * self.log_tau.clamp(max=math.log(100.0)).exp().to(query.dtype)

    def map_key(self, key: Tensor) -> Tensor:
        return _unit(key)


def _unit(x: Tensor) -> Tensor:
    """x over its norm, whose floor bounds the gradient at the zero vector. Squares of half precision would overflow."""
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    return functional.normalize(wide, dim=-1, eps=1e-6).to(x.dtype)
