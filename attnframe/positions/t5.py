"""T5's relative position bias."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import BiasPosition
from attnframe.positions.look_up import clipped_offsets, look_up
from attnframe.positions.shapes import require_order


class T5Bias(BiasPosition):
    """The relative position bias of T5 (Raffel et al. 2020, https://arxiv.org/abs/1910.10683): a learned number for
    each head and bucket of distances.

    bias(h, q, k) = table[bucket(p_k - p_q), h]

    With n buckets on a side, each distance below n / 2 has its own; those from n / 2 to `max_distance` share the
    others, equally many on a logarithmic scale; and all from `max_distance` on share the last. Causal attention has one
    side of n = `num_buckets`; otherwise keys before and after the query have a side each, of n = `num_buckets` / 2.

    T5 itself scores by the dot product without 1 / sqrt(E), and shares the table between layers, as a position module
    here is shared too.

    Args:
        num_heads: query heads H.
        num_buckets: buckets of both sides together, even and at least 2 a side.
        max_distance: distance from which on all share a bucket, in positions, above half the buckets of a side.
        causal: whether keys never come after their query. Such keys then count as distance 0.

    Shapes:
        `bias`: query positions (B or 1, T), key positions (B or 1, S), integers -> (B or 1, H, T, S).

    Raises:
        ConfigurationError: when the buckets do not fit; from `bias`, for positions that are no single integers.
    """

    def __init__(self, num_heads: int, num_buckets: int = 32, max_distance: int = 128, causal: bool = False) -> None:
        super().__init__()
        side = num_buckets if causal else num_buckets // 2
        found = []
        if num_buckets % 2 or side < 2:
            must = f"must be even and at least {2 if causal else 4}"
            found.append(Fault("num_buckets (T5Bias)", must, str(num_buckets)))
        if max_distance <= side // 2:
            must = f"must be above {side // 2}, the distances that have a bucket of their own"
            found.append(Fault("max_distance (T5Bias)", must, str(max_distance)))
        if found:
            raise ConfigurationError(found)
        self.num_buckets, self.max_distance, self.causal = num_buckets, max_distance, causal
        self.table = nn.Parameter(torch.empty(num_buckets, num_heads))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table from a normal distribution with deviation 0.02."""
        nn.init.normal_(self.table, std=0.02)

    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        for positions in (query_positions, key_positions):
            require_order(positions, "T5Bias", integer=True)
        low, high = -self.max_distance, 0 if self.causal else self.max_distance
        buckets = self.buckets(torch.arange(low, high + 1, device=self.table.device))
        by_offset = functional.embedding(buckets, self.table)  # (high - low + 1, H): few, where (T, S) may be many
        return look_up(by_offset, clipped_offsets(query_positions, key_positions, low, high))

    def buckets(self, offset: Tensor) -> Tensor:
        """The bucket of each offset p_k - p_q."""
        side = self.num_buckets if self.causal else self.num_buckets // 2
        distance = -offset.clamp(max=0) if self.causal else offset.abs()
        exact = side // 2
        octaves = torch.log(distance.float() / exact) / math.log(self.max_distance / exact)
        shared = exact + (octaves.clamp(min=0) * (side - exact)).long()
        bucket = torch.where(distance < exact, distance, shared.clamp(max=side - 1))
        return bucket if self.causal else bucket + side * (offset > 0)
