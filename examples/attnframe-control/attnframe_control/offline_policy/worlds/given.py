"""The environment of a user's own trajectories, as far as it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe_control.offline_policy.worlds.base import Array, World

if TYPE_CHECKING:
    import gymnasium


class Given(World):
    """An environment of gymnasium in which a user's own trajectories were recorded.

    Args:
        facts: ``environment`` (its id; None where there is none to act in), ``actions``, ``state_size`` and ``target``.
    """

    name = "trajectory_file"
    scored = "return"
    episodes = 50

    def __init__(self, facts: Facts) -> None:
        self.environment, self.actions = facts["environment"], tuple(facts["actions"])
        self.state_size, self.target = facts["state_size"], facts["target"]

    def make(self) -> gymnasium.Env[Any, Any]:
        """A new environment.

        Raises:
            DataError: when gymnasium has none of this id, or its states and actions are not those of the trajectories.
        """
        import gymnasium

        assert self.environment is not None
        where = f"data.environment={self.environment}"
        try:
            made = gymnasium.make(self.environment)
        except (gymnasium.error.Error, ImportError) as error:
            raise DataError(Fault(where, "must be an environment that gymnasium can make", str(error))) from None
        shape, count = made.observation_space.shape, getattr(made.action_space, "n", None)
        if shape != (self.state_size,) or count != len(self.actions):
            must = f"must have states of {self.state_size} numbers and {len(self.actions)} actions, as the trajectories"
            raise DataError(Fault(where, must, f"states of shape {shape} and the actions {made.action_space}"))
        return made

    def state(self, observation: Any) -> Array:
        return np.asarray(observation, np.float32)

    def score(self, returned: float) -> float:
        return returned
