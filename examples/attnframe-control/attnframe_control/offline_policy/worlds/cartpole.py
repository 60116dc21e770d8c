"""CartPole: a pole on a cart is kept upright by pushing the cart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from attnframe_control.offline_policy.trajectories import Trajectories
from attnframe_control.offline_policy.worlds.base import Array
from attnframe_control.offline_policy.worlds.recorded import RecordedWorld, episode

if TYPE_CHECKING:
    import gymnasium

EPISODES: Final = 200
KINDS: Final = ("upright", "leaning", "random")
SHARES: Final = (0.18, 0.57, 0.25)
"""How often an episode is each kind of actor's."""
NOISE: Final = (0.1, 0.3)
"""Between what the share of actions lies that an upright or leaning actor draws at random, one number an episode."""
LEAN: Final = (0.2, 0.5)
"""Between what the angle lies, by and large in quarters of a radian, that a leaning actor mistakes for upright."""


class CartPole(RecordedWorld):
    """CartPole-v1. A state is position and speed of the cart, angle and angular speed of the pole; each step is worth 1
    until the pole has fallen, 500 at most.
    """

    name = "cartpole"
    environment = "CartPole-v1"
    actions = ("push left", "push right")
    state_size = 4
    target = 500.0
    scored = "return"
    packages = ("gymnasium",)
    episodes = 50
    asked = (25.0, 50.0, 100.0, 200.0, 300.0, 400.0, 500.0)

    def make(self) -> gymnasium.Env[Any, Any]:
        import gymnasium

        return gymnasium.make(self.environment)

    def state(self, observation: Any) -> Array:
        return np.asarray(observation, np.float32)

    def score(self, returned: float) -> float:
        return returned

    def record(self) -> Trajectories:
        """Most actors err in the same way, so that doing what most do is not enough: pushing to where the pole falls
        keeps it upright, but who leans drifts off the track. The others push at random.
        """
        generator = np.random.default_rng(0)
        environment = self.make()
        episodes = []
        for seed in range(EPISODES):
            kind = generator.choice(KINDS, p=SHARES)
            noise = 1.0 if kind == "random" else generator.uniform(*NOISE)
            lean = generator.uniform(*LEAN) if kind == "leaning" else 0.0

            def act(state: Array, noise: float = noise, lean: float = lean) -> int:
                if generator.random() < noise:
                    return int(generator.integers(2))
                return int(3 * state[2] + state[3] + lean > 0)

            episodes.append(episode(self, environment, seed, act))
        environment.close()
        return Trajectories.of(episodes)
