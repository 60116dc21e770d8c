"""Environments with trajectories of a scripted actor, which are recorded once."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from attnframe.plugin.kept import Kept, kept
from attnframe_control.offline_policy.trajectories import Trajectories
from attnframe_control.offline_policy.worlds.base import Array, World

if TYPE_CHECKING:
    import gymnasium

FORMAT: Final = 1
"""Raised whenever a world records other trajectories, so that older ones are not read."""
Actor = Callable[[Array], int]
"""The action of a scripted actor in a state."""


class RecordedWorld(World, ABC):
    """An environment in which a script acts."""

    environment: str
    packages: ClassVar[tuple[str, ...]]
    """The distributions that trajectories depend on."""

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
