"""Return probabilities of random walks as positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class RandomWalkScheme(PositionScheme):
    """Probabilities that a random walk returns to its node, mapped and added to the input (Dwivedi et al. 2022,
    https://arxiv.org/abs/2110.07875).

    Args:
        steps: longest walk, in edges.
    """

    name: ClassVar[str] = "random_walk"
    summary: ClassVar[str] = "return probabilities of random walks, added to the input (Dwivedi et al. 2022)"
    view: ClassVar[View] = "input"
    reads: ClassVar[PositionKind | None] = "graph"

    steps: Annotated[int, AtLeast(1)] = 16

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.random_walk import RandomWalk

        return RandomWalk(sizes.dim, self.steps)
