"""Roll-outs of scripted policies, whose returns are known."""

import pytest
import torch
from attnframe_control.offline_policy.rollouts import roll_out
from attnframe_control.offline_policy.worlds import RECORDED

CARTPOLE = RECORDED["cartpole"]


def upright(seen):
    state = seen.states[:, -1]
    return (3 * state[:, 2] + state[:, 3] > 0).long()


def test_who_pushes_to_where_the_pole_falls_keeps_it_upright():
    assert roll_out(CARTPOLE, upright, range(5), 1) == [500.0] * 5


def test_episodes_do_not_depend_on_one_another():
    def left(seen):
        return torch.zeros(len(seen.states), dtype=torch.int64)

    together = roll_out(CARTPOLE, left, range(4), 2)
    assert together == [roll_out(CARTPOLE, left, [seed], 2)[0] for seed in range(4)]
    assert len(set(together)) > 1
    assert max(together) < 15


def test_a_policy_sees_the_last_steps_and_what_was_gained_before_each():
    shapes, gained = [], []

    def act(seen):
        assert seen.actions.dtype == torch.int64
        shapes.append((tuple(seen.states.shape), tuple(seen.actions.shape)))
        gained.append(seen.gained[0].tolist())
        return upright(seen)

    roll_out(CARTPOLE, act, [0, 1], 3)
    assert shapes[:2] == [((2, 1, 4), (2, 0)), ((2, 2, 4), (2, 1))]
    assert shapes[-1] == ((2, 3, 4), (2, 2))
    assert gained[:4] == [[0.0], [0.0, 1.0], [0.0, 1.0, 2.0], [1.0, 2.0, 3.0]]


def test_forward_alone_never_reaches_the_object():
    def forward(seen):
        return torch.full((len(seen.states),), 2)

    memory = RECORDED["minigrid_memory"]
    returns = roll_out(memory, forward, [0], 1)
    assert memory.score(returns[0]) == 0.0
    assert memory.score(0.97) == pytest.approx(1.0)
