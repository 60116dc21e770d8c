"""Windows of trajectories."""

import numpy as np
import pytest
import torch
from attnframe_control.offline_policy.data import WindowSplit, window_starts
from attnframe_control.offline_policy.recipes import CartPoleTrajectories


def test_a_window_holds_the_steps_of_one_trajectory_and_nothing_behind_its_end(two):
    split = WindowSplit(two, np.array([0, 1]), context=2, stride=1, target=2.0)
    assert len(split) == 3
    batch = split.batch(torch.arange(3))
    assert batch["states"].squeeze(2).tolist() == [[0.0, 1.0], [1.0, 2.0], [3.0, 4.0]]
    assert batch["actions"].tolist() == [[1, 0], [0, 1], [0, 1]]
    assert batch["returns"].tolist() == [[1.5, 1.0], [1.0, 1.0], [2.0, -0.5]]
    assert batch["valid"].all()


def test_short_trajectories_are_filled_up_with_zeros_at_their_end(two):
    batch = WindowSplit(two, np.array([0, 1]), context=4, stride=1, target=1.0).batch(torch.arange(2))
    assert batch["valid"].sum(1).tolist() == [3, 2]
    for name in ("states", "actions", "returns"):
        assert not batch[name][~batch["valid"]].any()
    assert batch["states"][1, :2].flatten().tolist() == [3.0, 4.0]


@pytest.mark.parametrize(("stride", "first"), [(1, [0, 1, 2, 3, 4, 5, 6]), (4, [0, 4, 6]), (9, [0, 6])])
def test_windows_step_by_the_stride_and_end_where_the_trajectory_ends(stride, first):
    assert window_starts(100, 109, context=3, stride=stride) == [100 + one for one in first]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    made = CartPoleTrajectories(context=5).build(data_dir=folder, cache_dir=folder, seed=0)
    made.setup()
    return made


def test_parts_share_no_trajectory(data):
    members = np.concatenate(data.members)
    assert sorted(members.tolist()) == list(range(200))
    assert data.protocol["trajectories"] == {"train": 160, "val": 20, "test": 20}


def test_the_actors_are_good_and_bad(data):
    returns = data.whole.returns
    assert 100 < returns.mean() < 200
    assert returns.max() == 500
    assert (returns < 60).sum() > 30


def test_facts_standardise_the_training_states(data):
    states = data.whole.states[data.whole.chosen(data.members[0])]
    standard = (states - np.array(data.facts["mean"])) / np.array(data.facts["std"])
    np.testing.assert_allclose(standard.mean(0), 0, atol=1e-4)
    np.testing.assert_allclose(standard.std(0), 1, atol=1e-4)
    assert data.facts["context"] == 5


def test_a_checkpoint_brings_its_own_facts(data):
    known = data.facts | {"mean": [9.0] * 4}
    again = type(data)(data.recipe, data.read)
    again.known_facts = known
    again.setup()
    assert again.facts == known
    assert again.digest == data.digest
