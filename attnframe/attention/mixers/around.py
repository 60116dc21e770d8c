"""What mixers around another one have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from torch import Tensor

from attnframe.attention.cache import Cache
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.plan import Plan
from attnframe.masks import Edges, terms

_NONE: Final[Mapping[str, int]] = MappingProxyType({})


class AroundMixer(Mixer, ABC):
    """Mixes as another mixer does, and changes what that one sees (`seen`) or what it gave (`finish`). No paper: a base
    class.

    Args:
        inner: how values are mixed.
        signals: what this mixer needs of each query, besides what `inner` needs.
    """

    def __init__(self, inner: Mixer, signals: Mapping[str, int] = _NONE) -> None:
        super().__init__()
        self.inner, self.takes_bias = inner, inner.takes_bias
        self.signals = {**inner.signals, **signals}

    def seen(self, call: Call) -> Call:
        """The call as `inner` sees it."""
        return call

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        out: Tensor = self.inner(query, key, value, self.seen(call))
        return out

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        return self.inner.finish(mixed, call)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return self.inner.weights(query, key, self.seen(call), rows)

    def scores(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return self.inner.scores(query, key, self.seen(call), rows)

    @property
    def shows_scores(self) -> bool:
        return self.inner.shows_scores

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        return self.inner.plan(query, key, value, self.seen(call))

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return self.inner.new_cache(batch, max_length)

    def accepts(self, cache: Cache) -> bool:
        return self.inner.accepts(cache)


class NarrowingMixer(AroundMixer, ABC):
    """Hides keys from another mixer by where they stand in their row. No paper: a base class.

    Args:
        inner: how visible values are mixed.
    """

    @abstractmethod
    def narrowed(self, call: Call) -> Call:
        """A call of self attention over a row, with fewer keys visible."""

    def seen(self, call: Call) -> Call:
        works = "Use attention=mha."
        if call.cross:
            raise self.refusal("has no meaning between two sequences, whose positions are not comparable", works)
        if any(isinstance(term, Edges) for term in terms(call.mask)):
            raise self.refusal("has no meaning on a graph, whose nodes have no order", works)
        return self.narrowed(call)
