"""The mixer contract: how the values of visible keys become the output of a query, head by head."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import Tensor, nn

from attnframe.masks.base import Extent, Mask
from attnframe.positions.base import BiasPosition

if TYPE_CHECKING:
    from attnframe.attention.cache import Cache


@dataclass(frozen=True)
class Call:
    """Everything besides queries, keys and values that one application of a mixer depends on.

    Args:
        mask: who may see whom, causality included.
        extent: sizes and positions of this application.
        bias: position bias of the scores, or None.
        query_positions: (B or 1, T) positions given to `bias`.
        key_positions: (B or 1, S) positions given to `bias`.
        state: recurrent state to read and update in cached decoding, for mixers that keep one.
    """

    mask: Mask
    extent: Extent
    bias: BiasPosition | None = None
    query_positions: Tensor | None = None
    key_positions: Tensor | None = None
    state: Cache | None = None


class Mixer(nn.Module, ABC):
    """Mixes values by queries and keys. Query heads share key-value heads in torch order: head h reads h // (H / K)."""

    @abstractmethod
    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        """query (B, H, T, E), key (B, K, S, E), value (B, K, S, E) to (B, H, T, E); Rule E holds: no visible key gives 0."""

    @abstractmethod
    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """The attention weights (B, H, rows, S) of some query rows, without dropout, as a side computation.

        Raises:
            UnsupportedError: when the mixer has no weights to show.
        """

    @abstractmethod
    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        """An empty cache for causal decoding. `max_length` None lets it grow."""
