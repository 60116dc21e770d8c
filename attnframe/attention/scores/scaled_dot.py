"""The scaled dot product."""

from __future__ import annotations

from torch import Tensor

from attnframe.attention.scores.base import DotScore


class ScaledDot(DotScore):
    """Scaled dot product (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).

    score(q, k) = <q, k> / sqrt(E)

    Args:
        head_dim: head width E.
    """

    def __init__(self, head_dim: int) -> None:
        super().__init__()
        self.scale = head_dim**-0.5

    def map_query(self, query: Tensor) -> Tensor:
        return query

    def map_key(self, key: Tensor) -> Tensor:
        return key
