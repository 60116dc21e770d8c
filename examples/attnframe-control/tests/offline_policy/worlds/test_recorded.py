"""Worlds record the same each time, and keep it."""

import numpy as np
from attnframe_control.offline_policy.worlds.cartpole import CartPole


def test_trajectories_are_recorded_once_and_alike(tmp_path):
    class Counted(CartPole):
        recorded = 0

        def record(self):
            Counted.recorded += 1
            return super().record()

    (first, digest), (again, same) = (Counted().trajectories(tmp_path) for _ in range(2))
    assert Counted.recorded == 1
    assert digest == same
    np.testing.assert_array_equal(first.states, again.states)
    np.testing.assert_array_equal(CartPole().record().actions, first.actions)
