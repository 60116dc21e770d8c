"""What a recurrent layer with attention keeps between steps of decoding."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from attnframe.attention.cache import Cache, StaticCache
from attnframe.bridges.recurrence import RecurrentState


@dataclass(frozen=True)
class RecurrentLayerCache:
    """What a recurrent layer with attention keeps between steps of decoding.

    Args:
        state: what the recurrence carries.
        attention: the past states that are attended, or the projected context (`StaticCache`).
    """

    state: RecurrentState
    attention: Cache

    @property
    def length(self) -> int:
        """Tokens taken in so far."""
        return self.state.length

    @property
    def nbytes(self) -> int:
        """Bytes allocated."""
        return self.state.nbytes + self.attention.nbytes

    def crop(self, length: int) -> None:
        """Forget every token after the first `length`; a context stays.

        Raises:
            UnsupportedError: for anything but nothing and all.
        """
        self.state.crop(length)
        if not isinstance(self.attention, StaticCache):
            self.attention.crop(length)

    def reorder(self, indices: Tensor) -> None:
        """Let sequence i continue from what sequence `indices[i]` was (beam search); `indices` (B',) may repeat."""
        self.state.reorder(indices)
        self.attention.reorder(indices)
