"""Swin's relative position bias on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.recipe import frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class SwinScheme(PositionScheme):
    """A learned bias for each head and each offset of rows and columns, shared by all layers (Liu et al. 2021,
    https://arxiv.org/abs/2103.14030).
    """

    name: ClassVar[str] = "swin"
    summary: ClassVar[str] = "a learned bias for each head and offset of rows and columns (Swin, Liu et al. 2021)"
    view: ClassVar[View] = "bias"
    reads: ClassVar[PositionKind | None] = "grid"

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.swin import SwinBias

        if sizes.grid is None:
            raise ConfigurationError(Fault("grid (SwinScheme.build)", "must be rows and columns", "None"))
        return SwinBias(sizes.num_heads, *sizes.grid)
