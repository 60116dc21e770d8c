"""Axial rotary positions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import Above, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class RopeAxialScheme(PositionScheme):
    """Half of the features of queries and keys is turned by the row, half by the column (Heo et al. 2024,
    https://arxiv.org/abs/2403.13298).

    Args:
        base: ratio that sets the longest wavelength, above 1.
    """

    name: ClassVar[str] = "rope_axial"
    summary: ClassVar[str] = "half of the features turned by the row, half by the column (Heo et al. 2024)"
    view: ClassVar[View] = "rotary"
    reads: ClassVar[PositionKind | None] = "grid"

    base: Annotated[float, Above(1)] = 100.0

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.axial import AxialRotary

        return AxialRotary(sizes.head_dim, self.base)

    def width_faults(self, head_dim: int) -> Iterable[Fault]:
        if head_dim % 4:
            must = "must be a multiple of 4, since rows and columns each turn features in pairs"
            works = "Choose model.dim and attention.num_heads so that it is, or another position."
            yield Fault("head_dim (RopeAxialScheme)", must, str(head_dim), works)
