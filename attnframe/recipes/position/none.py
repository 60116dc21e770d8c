"""No position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.recipes.position.base import PositionScheme

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@dataclass(frozen=True, kw_only=True)
class NoPositionScheme(PositionScheme):
    """No position: attention sees a set, or, when causal, a nested family of sets."""

    name: ClassVar[str] = "none"
    summary: ClassVar[str] = "no position; the control for the others"
    view: ClassVar[Literal["none", "input", "rotary", "bias"]] = "none"

    def build(self, *, dim: int, num_heads: int, head_dim: int, max_length: int) -> Position:
        from attnframe.positions.base import NoPosition

        return NoPosition()
