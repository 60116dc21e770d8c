"""Bias of the distance in a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class ShortestPathScheme(PositionScheme):
    """A learned bias for each head and length of the shortest path between two nodes (Graphormer, Ying et al. 2021,
    https://arxiv.org/abs/2106.05234).

    Args:
        max_distance: longest path with a number of its own, in edges; all farther nodes share one.
    """

    name: ClassVar[str] = "shortest_path"
    summary: ClassVar[str] = "a learned bias for each head and distance in the graph (Graphormer, Ying et al. 2021)"
    view: ClassVar[View] = "bias"
    reads: ClassVar[PositionKind | None] = "graph"

    max_distance: Annotated[int, AtLeast(1)] = 8

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.shortest_path import ShortestPath

        return ShortestPath(sizes.num_heads, self.max_distance)
