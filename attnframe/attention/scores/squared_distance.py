"""The negative squared distance."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.scores.base import DotScore


class SquaredDistance(DotScore):
    """Negative squared distance, "L2 attention" (Kim, Papamakarios and Mnih 2021, https://arxiv.org/abs/2006.04710).

    score(q, k) = -|q - k|^2 / sqrt(E) = 2 / sqrt(E) * (<q, k> - |q|^2 / 2 - |k|^2 / 2)

    Two more features make it a dot product, (q, -|q|^2 / 2, 1) times (k, 1, -|k|^2 / 2), so the fused backends serve
    it. In half precision a square is given as its rounded value and the rest, on features of their own.

    Args:
        head_dim: head width E.
    """

    def __init__(self, head_dim: int) -> None:
        super().__init__()
        self.scale = 2 * head_dim**-0.5

    def map_query(self, query: Tensor) -> Tensor:
        square = _half_square(query)
        return torch.cat((query, square, torch.ones_like(square)), dim=-1)

    def map_key(self, key: Tensor) -> Tensor:
        square = _half_square(key)
        return torch.cat((key, torch.ones_like(square), square), dim=-1)


def _half_square(x: Tensor) -> Tensor:
    """-|x|^2 / 2 of each vector, (..., 1); in half precision (..., 2), whose sum it is to twice the digits."""
    if x.dtype not in (torch.float16, torch.bfloat16):
        return x.square().sum(dim=-1, keepdim=True) * -0.5
    limit = torch.finfo(x.dtype).max
    exact = (x.float().square().sum(dim=-1, keepdim=True) * -0.5).clamp(min=-limit)
    rounded = exact.to(x.dtype)
    return torch.cat((rounded, (exact - rounded.float()).to(x.dtype)), dim=-1)
