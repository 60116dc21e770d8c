"""Rotary positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import Above
from attnframe.recipes.position.base import PositionScheme

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@dataclass(frozen=True, kw_only=True)
class RopeScheme(PositionScheme):
    """Queries and keys are turned by angles proportional to the position (Su et al. 2021).

    Args:
        base: ratio that sets the longest wavelength, above 1.
    """

    name: ClassVar[str] = "rope"
    summary: ClassVar[str] = "queries and keys turned by angles proportional to the position (Su et al. 2021)"
    view: ClassVar[Literal["none", "input", "rotary", "bias"]] = "rotary"

    base: Annotated[float, Above(1)] = 10000.0

    def build(self, *, dim: int, num_heads: int, head_dim: int, max_length: int) -> Position:
        from attnframe.positions.rotary import Rotary

        return Rotary(head_dim, self.base)

    def width_faults(self, head_dim: int) -> Iterable[Fault]:
        if head_dim % 2:
            must = "must be even for rotary positions, which turn features in pairs"
            works = (
                "Choose model.dim and attention.num_heads so that model.dim / num_heads is even, or another position."
            )
            yield Fault("head_dim (RopeScheme)", must, str(head_dim), works)
