"""The contract of scores that compare one number of a query with one of a key."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor

from attnframe.attention.scores.base import Score


class SeparableScore(Score):
    """A score that is a function of a sum of one number for the query and one for the key, so that no pair needs its
    features together.

    score(q, k) = activate(of_query(q) + of_key(k))
    """

    @abstractmethod
    def of_query(self, query: Tensor) -> Tensor:
        """query (B, H, T, E) to (B, H, T)."""

    @abstractmethod
    def of_key(self, key: Tensor) -> Tensor:
        """key (B, K, S, E) to (B, H, S); head h reads key head h // (H / K)."""

    @abstractmethod
    def activate(self, total: Tensor) -> Tensor:
        """Sums of any shape to scores, elementwise."""

    def map_query(self, query: Tensor) -> Tensor:
        return self.of_query(query).unsqueeze(-1)

    def map_key(self, key: Tensor) -> Tensor:
        return self.of_key(key).unsqueeze(-1)

    def compare(self, query: Tensor, key: Tensor) -> Tensor:
        return self.activate(query + key.transpose(-1, -2))
