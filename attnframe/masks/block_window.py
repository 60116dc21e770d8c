"""The window of blocks."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from attnframe.masks.base import Indices
from attnframe.masks.counts import require_counts
from attnframe.masks.places import Placed
from attnframe.masks.reach import BlockSpan, Reach


@dataclass(frozen=True, eq=False, repr=False)
class BlockWindow(Placed):
    """A query may attend the tokens of its own block and of the blocks beside it.

    allowed(q, k) = block(q) - left <= block(k) <= block(q) + right,  block(j) = floor(place(j) / block)

    ``BlockWindow(b)`` is block-local attention: tokens see their own block only.

    Args:
        block: tokens of a block, at least 1.
        left: other blocks visible before the query's own, at least 0.
        right: other blocks visible after it, at least 0.

    Raises:
        ConfigurationError: when a count is too small or no integer.
    """

    block: int
    left: int = 0
    right: int = 0

    def __post_init__(self) -> None:
        require_counts("BlockWindow", "tokens", {"block": self.block}, at_least=1)
        require_counts("BlockWindow", "other blocks", {"left": self.left, "right": self.right})

    def allows(self, at: Indices) -> Tensor:
        query, key = (
            self.place(at.batch, position).div(self.block, rounding_mode="floor")
            for position in (at.query_position, at.key_position)
        )
        return (key >= query - self.left) & (key <= query + self.right)

    @property
    def sees_self(self) -> bool:
        return True

    def query_run(self, tokens: int | None) -> int:
        return self.block

    def tile_reach(self, causal: bool) -> Reach:
        return BlockSpan(self.block, self.left, 0 if causal else self.right)
