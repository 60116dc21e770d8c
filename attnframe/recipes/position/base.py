"""The contract of a position scheme. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import Recipe

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@dataclass(frozen=True, kw_only=True)
class PositionScheme(Recipe, ABC):
    """Base of position schemes: a recipe that builds one `Position` module, shared by the layers of a model."""

    where: ClassVar[str] = "position"
    name: ClassVar[str]
    """The name that ``position=NAME`` selects."""
    summary: ClassVar[str]
    """One line: what it is, with paper and year."""
    view: ClassVar[Literal["none", "input", "rotary", "bias"]]
    """How it enters: not at all, added to the input, by rotating queries and keys, or as a bias of the scores."""

    @abstractmethod
    def build(self, *, dim: int, num_heads: int, head_dim: int, max_length: int) -> Position:
        """Make the position module of a model.

        Args:
            dim: model width D.
            num_heads: query heads H.
            head_dim: head width E.
            max_length: longest sequence that learned tables must hold, in positions.
        """

    def width_faults(self, head_dim: int) -> Iterable[Fault]:
        """What is wrong with this scheme at head width `head_dim`."""
        return ()
