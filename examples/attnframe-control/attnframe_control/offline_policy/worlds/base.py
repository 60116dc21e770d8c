"""What an environment must give to act in: itself, its states as arrays, what an episode is worth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy.typing as npt

from attnframe.plugin.contract import Facts

if TYPE_CHECKING:
    import gymnasium

Array = npt.NDArray[Any]


class World(ABC):
    """An environment with discrete actions."""

    name: ClassVar[str]
    """That of its data."""
    environment: str | None
    """Its id in gymnasium; None where there is none to act in."""
    actions: tuple[str, ...]
    """Their names; an action is a number from 0."""
    state_size: int
    cell_values: ClassVar[int] = 0
    """How many values each number of a state can have; 0 where states are vectors of real numbers."""
    target: float
    """The return that is asked for in roll-outs, the most that there is."""
    scored: ClassVar[str]
    """The name of the test figure of roll-outs."""
    episodes: ClassVar[int]
    """How many roll-outs the test figure is the mean of."""
    asked: ClassVar[tuple[float, ...]] = ()
    """Returns that a report asks for, where less than the most can be asked for."""

    @property
    def facts(self) -> Facts:
        """What a model knows of it."""
        return {
            "world": self.name,
            "environment": self.environment,
            "actions": list(self.actions),
            "state_size": self.state_size,
            "cell_values": self.cell_values,
            "target": self.target,
            "mean": [0.0] * self.state_size * max(self.cell_values, 1),
            "std": [1.0] * self.state_size * max(self.cell_values, 1),
        }

    @abstractmethod
    def make(self) -> gymnasium.Env[Any, Any]:
        """A new environment."""

    @abstractmethod
    def state(self, observation: Any) -> Array:
        """An observation as one row of numbers (S,)."""

    @abstractmethod
    def score(self, returned: float) -> float:
        """The figure of an episode by its return."""
