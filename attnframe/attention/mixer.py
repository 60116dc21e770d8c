"""The mixer contract: how the values of visible keys become the output of a query, head by head."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from attnframe.attention.cache import GrowingCache
from attnframe.attention.plan import Plan
from attnframe.errors import Fault, UnsupportedError
from attnframe.masks import Causal, Extent, Full, Mask
from attnframe.positions.base import BiasPosition, RelativePosition

if TYPE_CHECKING:
    from attnframe.attention.cache import Cache


@dataclass(frozen=True)
class PositionBias:
    """What positions add to the scores in one call.

    Args:
        module: gives the bias of two positions, by themselves or for a query's features.
        query_positions: (B or 1, T) or, with C coordinates each, (B or 1, T, C). key_positions: likewise over S.
    """

    module: BiasPosition | RelativePosition
    query_positions: Tensor
    key_positions: Tensor

    def scores(self, query: Tensor, rows: slice | None = None, columns: slice | None = None) -> Tensor:
        """The bias (B or 1, H, rows, columns) of some queries and keys.

        Args:
            query: (B, H, rows, E) features of these queries, mapped and scaled by a score that is a dot product.
            rows: which queries; None for all. columns: which keys; None for all.
        """
        at, of = self.query_positions[:, rows or slice(None)], self.key_positions[:, columns or slice(None)]
        return self._of(query, at, of)

    def between(self, features: Tensor, row: Tensor, query: Tensor, key: Tensor) -> Tensor:
        """The bias (N, H, t, s) of picked queries (N, t) with features (N, H, t, E) and keys (N, s) in batch rows
        (N, 1).
        """
        return self._of(features, _pick(self.query_positions, row, query), _pick(self.key_positions, row, key))

    def _of(self, query: Tensor, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        if isinstance(self.module, RelativePosition):
            return self.module.scores(query, query_positions, key_positions)
        return self.module.bias(query_positions, key_positions)


def _pick(positions: Tensor, row: Tensor, index: Tensor) -> Tensor:
    return positions[row if positions.shape[0] > 1 else torch.zeros_like(row), index]


@dataclass(frozen=True)
class Call:
    """Everything besides queries, keys and values that one application of a mixer depends on.

    Args:
        mask: who may see whom, causality included.
        extent: sizes and positions of this application.
        bias: position bias of the scores, or None.
        state: the cache in cached decoding; mixers that keep a recurrent state read and update it.
        cross: whether keys and values come from another sequence than the queries.
        signals: what a mixer asked for besides, (B, H, T, width) by name, straight from the projection.
    """

    mask: Mask
    extent: Extent
    bias: PositionBias | None = None
    state: Cache | None = None
    cross: bool = False
    signals: Mapping[str, Tensor] = field(default_factory=dict)

    @property
    def sees_all(self) -> bool:
        """Whether every query sees every key and no bias is added, as far as the kind of mask says: no mask, or one
        causal query at the end of its past."""
        if self.bias is not None or type(self.mask) not in (Full, Causal):
            return False
        extent = self.extent
        lone = extent.queries == 1 and extent.key_positions is None and extent.start == extent.keys - 1
        return lone or type(self.mask) is Full

    def visible(self, rows: slice | None = None, columns: slice | None = None) -> Tensor:
        """Bool tensor, broadcastable to (B, H, rows, columns): True where the query may attend the key."""
        at = self.extent.indices(rows)
        if columns is not None:
            at = at.select(key=at.key[..., columns], key_position=at.key_position[..., columns])
        return self.mask.allows(at)


class Mixer(nn.Module, ABC):
    """Mixes values by queries and keys. Query heads share key-value heads in torch order: head h reads h // (H / K).

    A mixer of your own needs `forward` only; `call.visible()` gives the mask as a bool tensor and `share_heads`
    repeats the key-value heads. Decoding then keeps every key and value (`GrowingCache`). Give `weights` too and
    capture works.
    """

    reads_queries_and_keys: ClassVar[bool] = True
    """False for a mixer that ignores what they hold: the layer then projects none and hands over width 0."""
    takes_bias: bool = True
    """False for a mixer whose weights no position bias can change: the layer then refuses one when it is made."""
    signals: Mapping[str, int] = MappingProxyType({})
    """What the mixer needs of each query besides its features (a gate, a rate of decay): names and widths for each
    head. The layer projects them and hands them over in `Call.signals`."""

    @abstractmethod
    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        """Mix.

        Args:
            query: (B, H, T, E).
            key: (B, K, S, E).
            value: (B, K, S, V), of width E mostly.
            call: everything else.

        Returns:
            (B, H, T, V), exactly 0 for a query that may see no key (Rule E).
        """

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        """What happens to mixed values (B, H, T, V) before the output projection, head by head: a norm or a gate of
        the query's own. Nothing by default; it must leave 0 at 0.
        """
        return mixed

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """The attention weights (B, H, rows, S) of some query rows, without dropout, as a side computation.

        Raises:
            UnsupportedError: when the mixer has no weights to show.
        """
        raise self.refusal("has no weights to show", "Try attention=mha.")

    def scores(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """The scores (B, H, rows, S) that the weights are made from, with bias, -inf for hidden keys, as a side
        computation.

        Raises:
            UnsupportedError: when the mixer's weights are made from no scores.
        """
        raise self.refusal("has no scores to show", "Try attention=mha.")

    @property
    def shows_scores(self) -> bool:
        """Whether `scores` gives any."""
        return type(self).scores is not Mixer.scores

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        """An empty cache for causal decoding of `batch` sequences. `max_length` None lets it grow."""
        return GrowingCache(batch, max_length)

    def accepts(self, cache: Cache) -> bool:
        """Whether a cache keeps what this mixer needs: every key and value, or the kind that `new_cache` makes."""
        return isinstance(cache, GrowingCache) or type(cache) is type(self.new_cache(1, None))

    def refusal(self, reason: str, works: str) -> UnsupportedError:
        """The error of a call that this mixer cannot serve exactly, as in ``raise self.refusal(...)``.

        Args:
            reason: what it cannot do, as the end of a sentence that begins with the mixer.
            works: what would work.
        """
        return UnsupportedError(Fault(f"attention ({type(self).__name__})", reason, "", works))

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        """How this call would be computed, and why not otherwise."""
        return Plan.only(type(self).__name__)


def share_heads(query: Tensor, shared: Tensor) -> Tensor:
    """`shared` (B, K, S, E) with its heads repeated, in torch order, to those of `query`: (B, H, S, E)."""
    groups = query.shape[1] // shared.shape[1]
    return shared if groups == 1 else torch.repeat_interleave(shared, groups, dim=1)
