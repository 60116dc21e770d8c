"""Relative position representations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class ShawScheme(PositionScheme):
    """A learned vector for each clipped offset, added to the keys (Shaw, Uszkoreit and Vaswani 2018,
    https://arxiv.org/abs/1803.02155).

    Args:
        max_distance: distance from which on all share a vector, in positions.
    """

    name: ClassVar[str] = "shaw"
    summary: ClassVar[str] = "a learned vector for each clipped offset, added to the keys (Shaw et al. 2018)"
    view: ClassVar[View] = "relative"
    reads: ClassVar[PositionKind | None] = "order"

    max_distance: Annotated[int, AtLeast(1)] = 16

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.shaw import Shaw

        return Shaw(sizes.head_dim, self.max_distance, sizes.causal)
