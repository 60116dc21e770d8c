"""MiniGrid's memory: look at an object, walk to the end of a hallway, turn to the object that matches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from attnframe_control.offline_policy.trajectories import Trajectories
from attnframe_control.offline_policy.worlds.base import Array
from attnframe_control.offline_policy.worlds.recorded import RecordedWorld, episode

if TYPE_CHECKING:
    import gymnasium

EPISODES: Final = 2000
LEFT, RIGHT, FORWARD = 0, 1, 2
EAST, SOUTH, WEST, NORTH = range(4)
OBJECTS: Final = (5, 6)
"""MiniGrid's numbers of a key and a ball."""


class Memory(RecordedWorld):
    """MiniGrid-MemoryS7-v0. A state is what stands in each of the 7 x 7 cells before the agent; colours are left out,
    for they are all alike. The return is 0, or 1 less what the time taken costs.
    """

    name = "minigrid_memory"
    environment = "MiniGrid-MemoryS7-v0"
    actions = ("left", "right", "forward", "pick up", "drop", "toggle", "done")
    state_size = 7 * 7
    cell_values = 11
    target = 1.0
    scored = "success"
    packages = ("gymnasium", "minigrid")
    episodes = 200

    def make(self) -> gymnasium.Env[Any, Any]:
        import gymnasium
        import minigrid

        gymnasium.register_envs(minigrid)
        return gymnasium.make(self.environment)

    def state(self, observation: Any) -> Array:
        return np.asarray(observation["image"][:, :, 0], np.uint8).reshape(-1)

    def score(self, returned: float) -> float:
        return float(returned > 0)

    def record(self) -> Trajectories:
        environment = self.make()
        episodes = []
        for seed in range(EPISODES):
            expert = Expert(environment.unwrapped)
            episodes.append(episode(self, environment, seed, expert))
        environment.close()
        return Trajectories.of(episodes)


class Expert:
    """Turns until it has seen the first object, then walks to the end of the hallway and to the like object.

    It knows where walls and objects are; which object is which it tells from what it has seen.

    Args:
        environment: the one that it acts in.
    """

    def __init__(self, environment: Any) -> None:
        self.environment = environment
        self.first: int | None = None

    def __call__(self, state: Array) -> int:
        cells = state.reshape(7, 7)
        middle = self.environment.height // 2
        if self.first is None:
            self.first = self._seen(cells, (1, middle - 1))
        if self.first is None:
            return self._toward(WEST)
        end = self.environment.success_pos[0]
        if self.environment.agent_pos[0] < end:
            return self._toward(EAST)
        upper = self.environment.grid.get(end, middle - 2)
        from minigrid.core.constants import OBJECT_TO_IDX

        return self._toward(NORTH if OBJECT_TO_IDX[upper.type] == self.first else SOUTH)

    def _seen(self, cells: Array, place: tuple[int, int]) -> int | None:
        """What the agent sees at a place; None when it sees no object there."""
        relative = self.environment.relative_coords(*place)
        if relative is None:
            return None
        found = int(cells[relative])
        return found if found in OBJECTS else None

    def _toward(self, direction: int) -> int:
        """The action that turns to a direction or goes on in it."""
        turn = (direction - self.environment.agent_dir) % 4
        return (FORWARD, RIGHT, RIGHT, LEFT)[turn]
