"""Roll-outs: a policy acts in many copies of an environment at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe_control.offline_policy.worlds.base import World

FIRST_SEED: Final = 100_000
"""Of the episodes that test figures are told of; no trajectory is recorded from it or a later one."""


@dataclass(frozen=True)
class Seen:
    """The last T steps of n episodes; what is done in the last one is to be said.

    Args:
        states: (n, T, S). actions: (n, T - 1) int64.
        gained: (n, T) float32, the sum of all rewards before each step.
    """

    states: Tensor
    actions: Tensor
    gained: Tensor


Act = Callable[[Seen], Tensor]
"""The actions (n,) int64 in n episodes."""


@torch.no_grad()
def roll_out(world: World, act: Act, seeds: Sequence[int], context: int) -> list[float]:
    """The return of an episode from each seed. All go on together step by step; those that are over are left out.

    Args:
        world: where. act: the policy. seeds: of the episodes.
        context: most steps that the policy is shown.
    """
    environments = [world.make() for _ in seeds]
    now = np.stack([world.state(one.reset(seed=seed)[0]) for one, seed in zip(environments, seeds, strict=True)])
    states: deque[npt.NDArray[Any]] = deque([now], context)
    actions: deque[npt.NDArray[Any]] = deque(maxlen=context - 1)
    returns = np.zeros(len(seeds), np.float32)
    gained: deque[npt.NDArray[Any]] = deque([returns.copy()], context)
    going = np.arange(len(seeds))
    while len(going):
        chosen = np.zeros(len(seeds), np.int64)
        chosen[going] = act(Seen(_stacked(states, going), _stacked(actions, going), _stacked(gained, going))).numpy()
        now, over = now.copy(), []
        for one in going.tolist():
            observation, reward, terminated, truncated, _ = environments[one].step(int(chosen[one]))
            now[one] = world.state(observation)
            returns[one] += float(reward)
            over.append(terminated or truncated)
        states.append(now)
        actions.append(chosen)
        gained.append(returns.copy())
        going = going[~np.array(over)]
    for environment in environments:
        environment.close()
    return [float(one) for one in returns]


def test_score(world: World, act: Act, context: int) -> float:
    """The mean figure of the test episodes; see `roll_out`."""
    seeds = range(FIRST_SEED, FIRST_SEED + world.episodes)
    return float(np.mean([world.score(returned) for returned in roll_out(world, act, seeds, context)]))


def _stacked(steps: Sequence[npt.NDArray[Any]], going: npt.NDArray[np.int64]) -> Tensor:
    """Rows of steps (n, ...) each as (rows, T, ...); int64 of shape (rows, 0) when there are none."""
    if not steps:
        return torch.zeros(len(going), 0, dtype=torch.int64)
    return torch.from_numpy(np.stack([step[going] for step in steps], 1))
