"""The plain dot product."""

from __future__ import annotations

from torch import Tensor

from attnframe.attention.scores.base import DotScore


class Dot(DotScore):
    """Dot product without scaling (Luong, Pham and Manning 2015, https://arxiv.org/abs/1508.04025, "dot").

    score(q, k) = <q, k>
    """

    scale = 1.0

    def map_query(self, query: Tensor) -> Tensor:
        return query

    def map_key(self, key: Tensor) -> Tensor:
        return key
