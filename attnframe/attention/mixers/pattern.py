"""A sparse pattern around any mixer."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from attnframe.attention.cache import Cache
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.plan import Plan
from attnframe.masks import Edges, Mask, settle, terms


class PatternMixer(Mixer):
    """Lets each query see only the keys that a mask of its own shows, then mixes as `inner` does. No paper: it is how
    those of its patterns are served.

    Patterns that count from the beginning of a row count from its first real token, and of each packed document.

    Args:
        inner: how visible values are mixed.
        pattern: who may see whom, besides the mask of a call.
    """

    def __init__(self, inner: Mixer, pattern: Mask) -> None:
        super().__init__()
        self.inner, self.takes_bias = inner, inner.takes_bias
        self.signals = {**inner.signals}
        self.pattern = pattern

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        out: Tensor = self.inner(query, key, value, self._narrowed(call))
        return out

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        return self.inner.finish(mixed, call)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return self.inner.weights(query, key, self._narrowed(call), rows)

    def scores(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return self.inner.scores(query, key, self._narrowed(call), rows)

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        return self.inner.plan(query, key, value, self._narrowed(call))

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return self.inner.new_cache(batch, max_length)

    def accepts(self, cache: Cache) -> bool:
        return self.inner.accepts(cache)

    def _narrowed(self, call: Call) -> Call:
        works = "Use attention=mha."
        if call.cross:
            raise self.refusal("has no meaning between two sequences, whose positions are not comparable", works)
        if any(isinstance(term, Edges) for term in terms(call.mask)):
            raise self.refusal("has no meaning on a graph, whose nodes have no order", works)
        return replace(call, mask=settle(call.mask & self.pattern, call.extent))

    def extra_repr(self) -> str:
        return f"pattern={self.pattern}"
