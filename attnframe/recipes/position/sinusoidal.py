"""Sinusoidal positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.recipe import Above
from attnframe.recipes.position.base import PositionScheme

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@dataclass(frozen=True, kw_only=True)
class SinusoidalScheme(PositionScheme):
    """Sines and cosines added to the input (Vaswani et al. 2017).

    Args:
        base: ratio of the longest wavelength to the shortest, above 1.
    """

    name: ClassVar[str] = "sinusoidal"
    summary: ClassVar[str] = "sines and cosines added to the input (Vaswani et al. 2017)"
    view: ClassVar[Literal["none", "input", "rotary", "bias"]] = "input"

    base: Annotated[float, Above(1)] = 10000.0

    def build(self, *, dim: int, num_heads: int, head_dim: int, max_length: int) -> Position:
        from attnframe.positions.sinusoidal import Sinusoidal

        return Sinusoidal(dim, self.base)
