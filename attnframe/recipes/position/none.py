"""No position."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class NoPositionScheme(PositionScheme):
    """No position: attention sees a set, or, when causal, a nested family of sets. No paper: the control."""

    name: ClassVar[str] = "none"
    summary: ClassVar[str] = "no position; the control for the others"
    view: ClassVar[View] = "none"
    reads: ClassVar[PositionKind | None] = None

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.base import NoPosition

        return NoPosition()
