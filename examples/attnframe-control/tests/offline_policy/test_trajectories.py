"""Trajectories in flat arrays, by numbers worked out by hand."""

import numpy as np


def test_returns_are_sums_of_rewards(two):
    assert len(two) == 2
    assert two.lengths.tolist() == [3, 2]
    assert two.returns.tolist() == [3.0, 4.0]
    assert two.returns_to_go.tolist() == [3.0, 2.0, 2.0, 4.0, -1.0]


def test_steps_of_chosen_trajectories(two):
    assert two.chosen(np.array([1])).tolist() == [3, 4]
    assert two.chosen(np.array([1, 0])).tolist() == [3, 4, 0, 1, 2]
