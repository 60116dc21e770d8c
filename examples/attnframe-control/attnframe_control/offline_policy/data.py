"""The data module: windows of trajectories, split by whole trajectories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TRAIN, complete_parts
from attnframe_control.offline_policy.floor import cloned
from attnframe_control.offline_policy.network import features
from attnframe_control.offline_policy.recipes import TrajectoryData
from attnframe_control.offline_policy.trajectories import Trajectories
from attnframe_control.offline_policy.worlds.base import World


class WindowSplit:
    """Windows of some trajectories. A batch is ``{"returns": (n, K) float32, "states": (n, K, S), "actions": (n, K)
    int64, "valid": (n, K) bool}``; a trajectory shorter than the window is filled up at its end with zeros.

    Returns to go are shares of the return that is asked for.

    Args:
        whole: all trajectories. members: those of this part.
        context: K. stride: steps from one window to the next; the last steps of a trajectory are always in one.
        target: the return that is asked for.
    """

    def __init__(self, whole: Trajectories, members: Any, context: int, stride: int, target: float) -> None:
        places = [
            (start, whole.starts[member + 1])
            for member in members.tolist()
            for start in window_starts(int(whole.starts[member]), int(whole.starts[member + 1]), context, stride)
        ]
        self.first, self.end = (torch.tensor(column) for column in zip(*places, strict=True))
        self.context = context
        self.states, self.actions = torch.from_numpy(whole.states), torch.from_numpy(whole.actions)
        self.returns = torch.from_numpy(whole.returns_to_go / np.float32(target))

    def __len__(self) -> int:
        return len(self.first)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The windows at `indices` (n,)."""
        steps = self.first[indices].unsqueeze(1) + torch.arange(self.context)
        valid = steps < self.end[indices].unsqueeze(1)
        steps = steps.clamp(max=len(self.actions) - 1)
        states = self.states[steps]
        return {
            "returns": self.returns[steps] * valid,
            "states": states * valid.unsqueeze(2),
            "actions": self.actions[steps] * valid,
            "valid": valid,
        }


class TrajectoryModule(DataModule):
    """Trajectories of one world.

    Args:
        recipe: how they are cut and split.
        read: gives the world, its trajectories and their sha256 (hex), for the facts that are known.
    """

    train: WindowSplit
    val: WindowSplit
    test: WindowSplit

    def __init__(self, recipe: TrajectoryData, read: Callable[[Facts | None], tuple[World, Trajectories, str]]) -> None:
        self.recipe, self.read = recipe, read

    def setup(self) -> None:
        self.world, self.whole, self.digest = self.read(self.known_facts)
        parts = complete_parts(
            np.full(len(self.whole), TRAIN, np.uint8), np.zeros(len(self.whole), np.int64), self.recipe.split
        )
        self.members = [np.flatnonzero(parts == part) for part in range(3)]
        self.facts = self.known_facts or self._facts()
        self.train, self.val, self.test = (
            WindowSplit(self.whole, members, self.recipe.context, self.recipe.stride, self.world.target)
            for members in self.members
        )
        returns = self.whole.returns
        self.protocol = {
            "trajectories": dict(zip(("train", "val", "test"), map(len, self.members), strict=True)),
            f"mean {self.world.scored} of the actors": round(
                float(np.mean([self.world.score(one) for one in returns])), 4
            ),
        }

    def _facts(self) -> Facts:
        states = torch.from_numpy(self.whole.states[self.whole.chosen(self.members[0])])
        found = features(states, self.world.cell_values).double()
        deviation = found.std(0, unbiased=False)
        spread = {"mean": found.mean(0).tolist(), "std": torch.where(deviation > 0, deviation, 1.0).tolist()}
        return self.world.facts | {"context": self.recipe.context} | spread

    def floor(self) -> dict[str, Any]:
        """Filtered behaviour cloning, without memory."""
        return cloned(self.whole, self.members, self.facts)


def window_starts(start: int, end: int, context: int, stride: int) -> list[int]:
    """Where the windows of one trajectory begin: each `stride` steps, the last one at its end."""
    final = max(end - context, start)
    return [*range(start, final, stride), final]
