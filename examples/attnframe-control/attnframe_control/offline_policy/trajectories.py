"""Trajectories: what was seen, done and gained, one after another in flat arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Trajectories:
    """E trajectories with N steps together.

    Args:
        states: (N, S). actions: (N,) int64. rewards: (N,) float32.
        starts: (E + 1,) int64, where each begins, and N.
    """

    states: Array
    actions: Array
    rewards: Array
    starts: Array

    @staticmethod
    def of(episodes: Sequence[Sequence[tuple[Array, int, float]]]) -> Trajectories:
        """The trajectories of episodes, each the state, action and reward of its steps."""
        states, actions, rewards = zip(*(step for one in episodes for step in one), strict=True)
        starts = np.cumsum([0, *(len(one) for one in episodes)], dtype=np.int64)
        return Trajectories(np.stack(states), np.array(actions, np.int64), np.array(rewards, np.float32), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Array:
        """(E,) steps of each."""
        return np.diff(self.starts)

    @property
    def returns(self) -> Array:
        """(E,) the sum of rewards of each."""
        return np.add.reduceat(self.rewards, self.starts[:-1])

    @property
    def returns_to_go(self) -> Array:
        """(N,) what is still gained from each step on."""
        before = np.concatenate([[0.0], np.cumsum(self.rewards, dtype=np.float64)])
        ends = np.repeat(before[self.starts[1:]], self.lengths)
        found: Array = (ends - before[:-1]).astype(np.float32)
        return found

    def chosen(self, members: Array) -> Array:
        """(n,) numbers of the steps of some trajectories."""
        return np.concatenate([np.arange(self.starts[one], self.starts[one + 1]) for one in members])
