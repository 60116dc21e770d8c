"""Learned positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class LearnedScheme(PositionScheme):
    """A learned vector for each position, added to the input (Gehring et al. 2017,
    https://arxiv.org/abs/1705.03122; Devlin et al. 2019, https://arxiv.org/abs/1810.04805).

    The table holds the longest sequence of the task; longer inputs are refused.
    """

    name: ClassVar[str] = "learned"
    summary: ClassVar[str] = "a learned vector for each position, added to the input (Gehring et al. 2017)"
    view: ClassVar[View] = "input"
    reads: ClassVar[PositionKind | None] = "order"

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.learned import Learned

        return Learned(sizes.dim, sizes.max_length)
