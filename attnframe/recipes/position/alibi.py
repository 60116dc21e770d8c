"""ALiBi."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class AlibiScheme(PositionScheme):
    """Scores fall linearly with distance, at a slope of each head's own (Press, Smith and Lewis 2022,
    https://arxiv.org/abs/2108.12409)."""

    name: ClassVar[str] = "alibi"
    summary: ClassVar[str] = "scores that fall with distance, a slope for each head (Press et al. 2022)"
    view: ClassVar[View] = "bias"
    reads: ClassVar[PositionKind | None] = "order"

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.alibi import Alibi

        return Alibi(sizes.num_heads)
