"""The contract of scores that compare one number of a query with one of a key."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor

from attnframe.attention.scores.base import Score


class SeparableScore(Score):
    """A score that is a function of a sum of one number for the query and one for the key, so that no pair needs its
    features together.

    score(q, k) = activate(of_query(q) + of_key(k))

    Features stay as they are until they are compared, so a position can still read those of the query.
    """

    @abstractmethod
    def numbers(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        """query (B, H, T, E) and key (B, K, S, E) to of_query (B, H, T) and of_key (B, H, S); head h reads key head
        h // (H / K).
        """

    @abstractmethod
    def activate(self, total: Tensor) -> Tensor:
        """Sums of any shape to scores, elementwise."""

    def map_query(self, query: Tensor) -> Tensor:
        return query

    def map_key(self, key: Tensor) -> Tensor:
        return key

    def compare(self, query: Tensor, key: Tensor) -> Tensor:
        of_query, of_key = self.numbers(query, key)
        return self.activate(of_query.unsqueeze(-1) + of_key.unsqueeze(-2))
