"""The score contract: how well a key fits a query, before bias and normalisation."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn


class Score(nn.Module, ABC):
    """Base of scores: a function of one query and one key, head by head, in two steps.

    score(q, k) = compare(map_query(q), map_key(k))

    Queries and keys are mapped once, one by one; `compare` then sees every pair, so a backend may call it in chunks.
    """

    scale: float = 1.0
    """Factor of mapped queries in `compare`; fixed, so that a backend can take it as an argument."""

    pair_width: int = 1
    """Numbers that `compare` holds at once for each pair of query and key."""

    @abstractmethod
    def map_query(self, query: Tensor) -> Tensor:
        """query (B, H, T, E) to (B, H, T, F)."""

    @abstractmethod
    def map_key(self, key: Tensor) -> Tensor:
        """key (B, K, S, E) to (B, K, S, F), of the width of mapped queries."""

    @abstractmethod
    def compare(self, query: Tensor, key: Tensor) -> Tensor:
        """Mapped query (B, H, T, F) and mapped key (B, K, S, F) to scores (B, H, T, S); head h reads h // (H / K)."""

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        """query (B, H, T, E) and key (B, K, S, E) to scores (B, H, T, S); head h reads key head h // (H / K)."""
        return self.compare(self.map_query(query), self.map_key(key))


class DotScore(Score):
    """A score that is a dot product after mapping queries and keys one by one, so every fused backend serves it.

    score(q, k) = scale * <map_query(q), map_key(k)>
    """

    def compare(self, query: Tensor, key: Tensor) -> Tensor:
        return grouped_dot(query * self.scale, key)


class PairwiseScore(Score):
    """A score that is no dot product and needs every pair; it costs O(T S A) memory for its hidden width A, which is
    its `pair_width`.

    A backend that works on an edge list folds the edges into the batch axis: query (N, H, 1, E), key (N, H, 1, E).
    """

    @abstractmethod
    def pairwise(self, query: Tensor, key: Tensor) -> Tensor:
        """query (B, H, t, E) and key (B, H, S, E), one key head for each query head, to scores (B, H, t, S)."""

    def map_query(self, query: Tensor) -> Tensor:
        return query

    def map_key(self, key: Tensor) -> Tensor:
        return key

    def compare(self, query: Tensor, key: Tensor) -> Tensor:
        return self.pairwise(query, key.repeat_interleave(query.shape[1] // key.shape[1], dim=1))


def grouped_dot(query: Tensor, key: Tensor) -> Tensor:
    """Dot products (B, H, T, S) of query (B, H, T, E) and key (B, K, S, E); head h reads key head h // (H / K)."""
    batch, heads, rows, width = query.shape
    groups = key.shape[1]
    if groups == heads:
        return torch.matmul(query, key.transpose(-2, -1))
    # The query heads of one key head are rows of one product, so that no key is copied.
    stacked = query.reshape(batch, groups, heads // groups * rows, width)
    return torch.matmul(stacked, key.transpose(-2, -1)).view(batch, heads, rows, key.shape[2])
