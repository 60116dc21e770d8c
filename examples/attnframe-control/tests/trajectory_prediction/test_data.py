"""The data module of tracks."""

import numpy as np
import pytest
import torch
from attnframe_control.trajectory_prediction.crowd import walk
from attnframe_control.trajectory_prediction.data import WalkModule
from attnframe_control.trajectory_prediction.recipes import Crowd
from attnframe_control.trajectory_prediction.windows import Parts

from attnframe.errors import DataError


def module(windows, **fields):
    made = WalkModule(Crowd(**fields), lambda: Parts(windows, windows, windows, "not at all"))
    made.setup()
    return made


@pytest.fixture
def straight():
    """Three people who walk straight, far from the origin."""
    steps = np.arange(20)[:, None]
    return 1e6 + np.stack([steps * [1.0, 0.5], steps * [0.0, -1.0], steps * [0.2, 0.2]])


def test_places_are_counted_from_the_last_that_was_seen(straight):
    batch = module(straight).test.batch(torch.tensor([0]))
    assert batch["past"].shape == (1, 8, 2)
    assert batch["past"][0, -2:].tolist() == [[-1, -0.5], [0, 0]]
    assert batch["future"][0, 0].tolist() == [1, 0.5]


def test_constant_velocity_is_right_about_who_walks_straight(straight):
    floor = module(straight).floor()
    assert floor["name"] == "constant velocity"
    assert floor["test/ade"] == pytest.approx(0, abs=1e-5)
    straight[:, 8:] += [0.0, 3.0]
    straight[:, -1] += [4.0, 0.0]
    floor = module(straight).floor()
    assert floor["test/ade"] == pytest.approx((11 * 3 + 5) / 12, rel=1e-5)
    assert floor["test/fde"] == pytest.approx(5, rel=1e-5)


def test_mirrored_windows_keep_their_shape(straight):
    made = module(straight, jitter=0.0)
    batch = made.train.batch(torch.zeros(64, dtype=torch.int64))
    torch.manual_seed(0)
    changed = made.augment(batch)
    sides = changed["past"][:, 0, 1].sign()
    assert {*sides.tolist()} == {-1.0, 1.0}
    for name, part in changed.items():
        torch.testing.assert_close(part[..., 0], batch[name][..., 0])
        torch.testing.assert_close(part[..., 1].abs(), batch[name][..., 1].abs())


def test_jitter_is_a_share_of_the_moves_and_leaves_the_truth_where_it_is(straight):
    made = module(straight, mirror=False, jitter=0.2)
    batch = made.train.batch(torch.zeros(500, dtype=torch.int64))
    torch.manual_seed(0)
    changed = made.augment(batch)
    assert (changed["past"][:, -1] == 0).all()
    moved = (changed["past"] - batch["past"]).std()
    assert 0.05 < moved < 0.25
    shift = changed["future"] - batch["future"]
    torch.testing.assert_close(shift, shift[:, :1].expand_as(shift))
    standing = made.augment({"past": torch.zeros(4, 8, 2), "future": torch.ones(4, 12, 2)})
    assert (standing["past"] == 0).all()


def test_a_model_refuses_other_lengths(straight):
    made = WalkModule(Crowd(horizon=6), lambda: Parts(straight, straight, straight, ""))
    made.known_facts = {"observed": 8, "horizon": 12}
    with pytest.raises(DataError, match=r"data\.horizon must be 12, which the model was trained with\. Got 6"):
        made.setup()


def test_a_crowd_is_the_same_every_time_and_walks_at_a_walking_pace():
    crowd, again = walk(30), walk(30)
    np.testing.assert_array_equal(crowd.places, again.places)
    moves = np.concatenate([np.linalg.norm(np.diff(crowd.places[run], axis=0), axis=1) for run in crowd.runs()])
    assert len({*crowd.people}) == 30
    assert 0.3 < np.median(moves) < 0.7
    assert np.abs(crowd.places).max() < 9
