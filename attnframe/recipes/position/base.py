"""The contract of a position scheme. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import Recipe, frozen

if TYPE_CHECKING:
    from attnframe.positions.base import Position

View = Literal["none", "input", "rotary", "bias", "relative"]
"""How a position enters: not at all, added to the input, by rotating queries and keys, as a bias of the scores, or as
scores of the way from a query to a key, which depend on the query."""

PositionKind = Literal["order", "grid", "time", "graph"]

KINDS: dict[PositionKind, str] = {
    "order": "the order of tokens",
    "grid": "rows and columns",
    "time": "timestamps",
    "graph": "the edges of a graph",
}
"""What a scheme reads and a task provides, in words: numbers (B or 1, T) in order, coordinates (B or 1, T, 2), times
(B or 1, T), and what a `GraphPosition` makes of an edge list, (B or 1, T, C)."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What a position module is made to fit.

    Args:
        dim: model width D.
        num_heads: query heads H.
        head_dim: width E of the features of a head that are turned or scored.
        max_length: longest sequence that learned tables must hold, in positions.
        causal: whether queries see only what came before, so that tables need no other side.
        grid: how many rows and columns coordinates count, from 0; None where a task has no grid.
    """

    dim: int
    num_heads: int
    head_dim: int
    max_length: int
    causal: bool = False
    grid: tuple[int, int] | None = None


@frozen
class PositionScheme(Recipe, ABC):
    """Base of position schemes: a recipe that builds one `Position` module, shared by the layers of a model."""

    where: ClassVar[str] = "position"
    name: ClassVar[str]
    """The name that ``position=NAME`` selects."""
    summary: ClassVar[str]
    """One line: what it is, with paper and year."""
    view: ClassVar[View]
    """How it enters."""
    reads: ClassVar[PositionKind | None]
    """What kind of positions it is made from; None when it reads none."""

    @abstractmethod
    def build(self, sizes: Sizes) -> Position:
        """Make the position module of a model that has these sizes."""

    def width_faults(self, head_dim: int) -> Iterable[Fault]:
        """What is wrong with this scheme at head width `head_dim`."""
        return ()
