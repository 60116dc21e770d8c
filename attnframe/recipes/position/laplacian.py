"""Eigenvectors of a graph's Laplacian as positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class LaplacianScheme(PositionScheme):
    """Eigenvectors of the graph's Laplacian, mapped and added to the input (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699).

    Args:
        count: eigenvectors of smallest eigenvalue.
        flip_signs: whether their signs, which mean nothing, are drawn anew at every step of training.
    """

    name: ClassVar[str] = "laplacian"
    summary: ClassVar[str] = "eigenvectors of the graph's Laplacian, added to the input (Dwivedi and Bresson 2021)"
    view: ClassVar[View] = "input"
    reads: ClassVar[PositionKind | None] = "graph"

    count: Annotated[int, AtLeast(1)] = 8
    flip_signs: bool = True

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.laplacian import Laplacian

        return Laplacian(sizes.dim, self.count, self.flip_signs)
