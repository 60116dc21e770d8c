"""The caches of all blocks of a model, handled as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, overload

from torch import Tensor

from attnframe.models.steps import Steps


class LayerCache(Protocol):
    """What one block keeps: `BlockCache`, or `RecurrentLayerCache` where blocks are recurrent."""

    @property
    def length(self) -> int:
        """Tokens taken in so far."""

    @property
    def nbytes(self) -> int:
        """Bytes allocated."""

    def crop(self, length: int) -> None:
        """Forget every token after the first `length`; a context stays."""

    def reorder(self, indices: Tensor) -> None:
        """Let sequence i continue from what sequence `indices[i]` was; `indices` (B',) may repeat."""


class Caches(Sequence[LayerCache]):
    """A sequence of one cache a block.

    Args:
        blocks: the caches, first block first; at least one.
        steps: takes single steps with them; None to call the blocks.
    """

    def __init__(self, blocks: Iterable[LayerCache], steps: Steps | None = None) -> None:
        self._blocks = tuple(blocks)
        self.steps = steps

    def __len__(self) -> int:
        return len(self._blocks)

    def __iter__(self) -> Iterator[LayerCache]:
        return iter(self._blocks)

    @overload
    def __getitem__(self, index: int) -> LayerCache: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[LayerCache, ...]: ...
    def __getitem__(self, index: int | slice) -> LayerCache | tuple[LayerCache, ...]:
        return self._blocks[index]

    @property
    def length(self) -> int:
        """Tokens taken in so far."""
        return self._blocks[0].length

    @property
    def nbytes(self) -> int:
        """Bytes allocated."""
        return sum(block.nbytes for block in self._blocks)

    def crop(self, length: int) -> None:
        """Forget every token after the first `length`; contexts of cross attention stay.

        Raises:
            UnsupportedError: when that past is no longer held; 0 always works.
        """
        for block in self._blocks:
            block.crop(length)

    def reorder(self, indices: Tensor) -> None:
        """Let sequence i continue from what sequence `indices[i]` was (beam search); `indices` (B',) may repeat."""
        for block in self._blocks:
            block.reorder(indices)
