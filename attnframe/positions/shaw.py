"""Relative position representations."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault, UnsupportedError
from attnframe.positions.base import RelativePosition
from attnframe.positions.look_up import clipped_offsets
from attnframe.positions.shapes import require_order


class Shaw(RelativePosition):
    """Relative position representations (Shaw, Uszkoreit and Vaswani 2018, https://arxiv.org/abs/1803.02155): each
    clipped offset has a learned vector that is added to the key.

    score(q, k) = q^T (k + a_o) / sqrt(E),  o = clip(p_k - p_q, -max_distance, max_distance)

    The vectors are shared between heads. Those that the paper adds to the values are left out, as in most code since:
    the paper measured no gain from them beside those of the keys.

    Args:
        head_dim: width E of queries.
        max_distance: distance from which on all share a vector, in positions, at least 1.
        causal: whether keys never come after their query. Such keys then count as distance 0.

    Shapes:
        `scores`: query (B, H, T, E), query positions (B or 1, T), key positions (B or 1, S), integers ->
        (B, H, T, S).

    Raises:
        ConfigurationError: when `max_distance` is below 1; from `scores`, for positions that are no single integers.
        UnsupportedError: from `scores`, when queries have another width.
    """

    def __init__(self, head_dim: int, max_distance: int = 16, causal: bool = False) -> None:
        super().__init__()
        if max_distance < 1:
            raise ConfigurationError(Fault("max_distance (Shaw)", "must be at least 1", str(max_distance)))
        self.head_dim, self.max_distance, self.causal = head_dim, max_distance, causal
        self.table = nn.Parameter(torch.empty(max_distance * (1 if causal else 2) + 1, head_dim))  # (offsets, E)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the vectors from a normal distribution with deviation 0.02."""
        nn.init.normal_(self.table, std=0.02)

    def scores(self, query: Tensor, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        for positions in (query_positions, key_positions):
            require_order(positions, "Shaw", integer=True)
        if query.shape[-1] != self.head_dim:
            must = f"must be the width of the queries that are scored, {query.shape[-1]}"
            works = "Use a bias that does not read queries: position=t5 or position=alibi."
            raise UnsupportedError(Fault("head_dim (Shaw)", must, str(self.head_dim), works))
        high = 0 if self.causal else self.max_distance
        offsets = clipped_offsets(query_positions, key_positions, -self.max_distance, high)
        by_offset = query @ self.table.to(query.dtype).t()  # (B, H, T, offsets)
        shape = (*query.shape[:3], offsets.shape[-1])
        return by_offset.gather(3, offsets.unsqueeze(1).expand(shape))
