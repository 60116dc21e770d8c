"""What an environment must give: itself, its states as arrays, and trajectories of a scripted actor."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from attnframe.plugin.contract import Facts
from attnframe.plugin.kept import Kept, kept
from attnframe_control.offline_policy.trajectories import Trajectories

if TYPE_CHECKING:
    import gymnasium

FORMAT: Final = 1
"""Raised whenever a world records other trajectories, so that older ones are not read."""
Array = npt.NDArray[Any]
Actor = Callable[[Array], int]
"""The action of a scripted actor in a state."""


class World(ABC):
    """An environment with discrete actions."""

    name: ClassVar[str]
    """That of its data."""
    environment: ClassVar[str]
    """Its id in gymnasium."""
    actions: ClassVar[tuple[str, ...]]
    """Their names; an action is a number from 0."""
    state_size: ClassVar[int]
    cell_values: ClassVar[int] = 0
    """How many values each number of a state can have; 0 where states are vectors of real numbers."""
    target: ClassVar[float]
    """The return that is asked for in roll-outs, the most that there is."""
    scored: ClassVar[str]
    """The name of the test figure of roll-outs."""
    episodes: ClassVar[int]
    """How many roll-outs the test figure is the mean of."""
    asked: ClassVar[tuple[float, ...]] = ()
    """Returns that a report asks for, where less than the most can be asked for."""
    packages: ClassVar[tuple[str, ...]]
    """The distributions that trajectories depend on."""

    @property
    def facts(self) -> Facts:
        """What a model knows of it."""
        return {
            "world": self.name,
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

    @abstractmethod
    def record(self) -> Trajectories:
        """The trajectories to learn from, the same each time."""

    def trajectories(self, cache_dir: Path) -> tuple[Trajectories, str]:
        """What `record` gives, kept below `cache_dir`, and its sha256 (hex)."""
        made_by = [(package, metadata.version(package)) for package in self.packages]
        key = hashlib.sha256(repr((FORMAT, made_by)).encode()).hexdigest()
        found, digest = kept(cache_dir / "control" / f"{self.name}-{key[:16]}", lambda: Kept(vars(self.record())))
        return Trajectories(**{name: np.asarray(array) for name, array in found.arrays.items()}), digest


def episode(
    world: World, environment: gymnasium.Env[Any, Any], seed: int, actor: Actor
) -> list[tuple[Array, int, float]]:
    """State, action and reward of each step of an episode.

    Args:
        world: what the environment is. environment: of it.
        seed: that the episode starts from. actor: who acts.
    """
    observation, _ = environment.reset(seed=seed)
    steps = []
    over = False
    while not over:
        state = world.state(observation)
        action = actor(state)
        observation, reward, terminated, truncated, _ = environment.step(action)
        steps.append((state, action, float(reward)))
        over = terminated or truncated
    return steps
