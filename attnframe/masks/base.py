"""The mask contract: who may see whom. True means "may attend", everywhere; axes are (B, H, T, S).

A mask is an immutable rule that answers elementwise for index tensors, so that one definition serves a query chunk, a whole bool
tensor and flex attention's mask_mod. Positions, not rows, carry order: query i of T stands at position i + S - T unless the extent
says otherwise (lower-right alignment), and a key stands at its row unless the extent gives its position (ring cache).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Extent:
    """Sizes and positions that a mask is lowered for.

    Args:
        batch: B. heads: H. queries: T. keys: S.
        query_start: position of query row 0 in key coordinates; None for S - T.
        key_positions: (S,) integer positions of the keys, when they are not 0..S-1 (ring cache).
        device: where index tensors are made.
    """

    batch: int
    heads: int
    queries: int
    keys: int
    query_start: int | None = None
    key_positions: Tensor | None = None
    device: torch.device = torch.device("cpu")

    @property
    def start(self) -> int:
        """Position of query row 0."""
        return self.keys - self.queries if self.query_start is None else self.query_start

    def indices(self, rows: slice | None = None) -> Indices:
        """Index tensors for all query rows or a chunk of them, shaped to broadcast to (B, H, T, S)."""
        first, last, _ = (rows or slice(None)).indices(self.queries)
        query = torch.arange(first, last, device=self.device).view(1, 1, -1, 1)
        key = torch.arange(self.keys, device=self.device).view(1, 1, 1, -1)
        return Indices(
            batch=torch.arange(self.batch, device=self.device).view(-1, 1, 1, 1),
            head=torch.arange(self.heads, device=self.device).view(1, -1, 1, 1),
            query=query,
            key=key,
            query_position=query + self.start,
            key_position=key if self.key_positions is None else self.key_positions.view(1, 1, 1, -1),
        )


@dataclass(frozen=True)
class Indices:
    """Broadcastable integer index tensors of one lowering; rows index the tensors handed in, positions carry order."""

    batch: Tensor
    head: Tensor
    query: Tensor
    key: Tensor
    query_position: Tensor
    key_position: Tensor

    def select(self, **changed: Tensor) -> Indices:
        """A copy with some index tensors replaced."""
        return replace(self, **changed)


class Mask(ABC):
    """A rule that says which key a query may attend. Immutable; join with ``&``, ``|``, ``~``."""

    @abstractmethod
    def allows(self, at: Indices) -> Tensor:
        """Bool tensor, broadcastable to (B, H, T, S): True where the query may attend the key."""
