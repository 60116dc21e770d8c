"""A sliding window around any mixer."""

from __future__ import annotations

from dataclasses import replace

from attnframe.attention.cache import Cache, RingCache
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers.around import NarrowingMixer
from attnframe.masks import Causal, Full, Window


class WindowMixer(NarrowingMixer):
    """Lets each query see only the keys near it, then mixes as `inner` does (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150).

    Causal decoding keeps the last `left` tokens only (`RingCache`).

    Args:
        inner: how visible values are mixed.
        left: other tokens visible before the query, at least 0; None for all.
        right: other tokens visible after the query, at least 0; None for all. Causal attention sees none of them.

    Raises:
        ConfigurationError: when a count is negative.
    """

    def __init__(self, inner: Mixer, left: int | None, right: int | None) -> None:
        super().__init__(inner)
        self.window = Window(left, right)

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        if self.window.left is None:
            return super().new_cache(batch, max_length)
        return RingCache(batch, self.window.left)

    def accepts(self, cache: Cache) -> bool:
        if isinstance(cache, RingCache):
            return self.window.left is not None and cache.window >= self.window.left
        return super().accepts(cache)

    def narrowed(self, call: Call) -> Call:
        if self._sees_what_is_held(call):
            return replace(call, mask=Full())
        return replace(call, mask=call.mask & self.window)

    def _sees_what_is_held(self, call: Call) -> bool:
        """Whether a ring of the window's own size holds what one new token sees, and nothing else."""
        ring, one = call.state, call.extent.queries == 1
        return one and type(call.mask) is Causal and isinstance(ring, RingCache) and ring.window == self.window.left

    def extra_repr(self) -> str:
        return f"window={self.window}"
