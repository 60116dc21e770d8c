"""A sparse pattern around any mixer."""

from __future__ import annotations

from dataclasses import replace

from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers.around import NarrowingMixer
from attnframe.masks import Mask, settle


class PatternMixer(NarrowingMixer):
    """Lets each query see only the keys that a mask of its own shows, then mixes as `inner` does. No paper: it is how
    those of its patterns are served.

    Patterns that count from the beginning of a row count from its first real token, and of each packed document.

    Args:
        inner: how visible values are mixed.
        pattern: who may see whom, besides the mask of a call.
    """

    def __init__(self, inner: Mixer, pattern: Mask) -> None:
        super().__init__(inner)
        self.pattern = pattern

    def narrowed(self, call: Call) -> Call:
        return replace(call, mask=settle(call.mask & self.pattern, call.extent))

    def extra_repr(self) -> str:
        return f"pattern={self.pattern}"
