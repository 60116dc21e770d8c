"""Sinusoidal positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import Above, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class SinusoidalScheme(PositionScheme):
    """Sines and cosines added to the input (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).

    Args:
        base: ratio of the longest wavelength to the shortest, above 1.
    """

    name: ClassVar[str] = "sinusoidal"
    summary: ClassVar[str] = "sines and cosines added to the input (Vaswani et al. 2017)"
    view: ClassVar[View] = "input"
    reads: ClassVar[PositionKind | None] = "order"

    base: Annotated[float, Above(1)] = 10000.0

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.sinusoidal import Sinusoidal

        return Sinusoidal(sizes.dim, self.base)
