"""What the schemes of rotary positions in order have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import Above, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position
    from attnframe.positions.scalings import RotaryScaling


@frozen
class RotaryScheme(PositionScheme, ABC):
    """Base of the schemes that turn queries and keys by their position, with or without a scaling.

    Args:
        base: ratio that sets the longest wavelength, above 1.
    """

    view: ClassVar[View] = "rotary"
    reads: ClassVar[PositionKind | None] = "order"

    base: Annotated[float, Above(1)] = 10000.0

    @abstractmethod
    def scaling(self, max_length: int) -> RotaryScaling | None:
        """How frequencies change for sequences of `max_length` positions; None for not at all."""

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.rotary import Rotary

        return Rotary(sizes.head_dim, self.base, self.scaling(sizes.max_length))

    def width_faults(self, head_dim: int) -> Iterable[Fault]:
        if head_dim % 2:
            must = "must be even for rotary positions, which turn features in pairs"
            works = (
                "Choose model.dim and attention.num_heads so that model.dim / num_heads is even, or another position."
            )
            yield Fault(f"head_dim ({type(self).__name__})", must, str(head_dim), works)


def original(length: int | None, max_length: int, factor: float) -> int:
    """Length of pre-training: `length`, or where that is None the longest of the task over the factor."""
    return max(1, round(max_length / factor)) if length is None else length
