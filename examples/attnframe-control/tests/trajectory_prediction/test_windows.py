"""Windows of tracks and the parts that they fall into."""

import numpy as np
import pytest
from attnframe_control.trajectory_prediction.recipes import Crowd
from attnframe_control.trajectory_prediction.tracks import tracks_of
from attnframe_control.trajectory_prediction.windows import cut_in_time, join, windows_of

from attnframe.errors import DataError


def straight(frames, person="a"):
    """Someone who is at (frame, 0) in each frame."""
    frames = np.asarray(frames, dtype=np.float64)
    return frames, np.full(len(frames), person), np.stack([frames, 0 * frames], 1)


def tracks(*some):
    return tracks_of(*(np.concatenate(parts) for parts in zip(*some, strict=True)))


def test_windows_are_of_one_person_without_a_gap():
    found, firsts = windows_of(tracks(straight([0, 1, 2, 3, 7, 8, 9]), straight([0, 1], "b")), 3)
    assert found[..., 0].tolist() == [[0, 1, 2], [1, 2, 3], [7, 8, 9]]
    assert firsts.tolist() == [0, 1, 7]


def test_tracks_that_are_too_short_have_no_windows():
    found, firsts = windows_of(tracks(straight([0, 1])), 3)
    assert found.shape == (0, 3, 2)
    assert len(firsts) == 0
    assert len(join([tracks(straight(range(5))), tracks(straight([0, 1]))], 4)) == 2


def test_parts_are_cut_in_time_and_share_no_frame():
    recipe = Crowd(observed=3, horizon=2, split=(0.5, 0.25, 0.25))
    parts = cut_in_time(tracks(straight(range(44)), straight(range(10, 54), "b")), recipe)
    every = (parts.train, parts.val, parts.test)
    train, val, test = ({frame for window in part[..., 0] for frame in window} for part in every)
    assert max(train) < min(val)
    assert max(val) < min(test)
    assert sum(map(len, every)) > 60


def test_a_recording_that_is_too_short_for_three_parts_is_told():
    with pytest.raises(DataError, match=r"must have windows of 20 frames in a row .* Got 2 windows, 0 / 1 / 0"):
        cut_in_time(tracks(straight(range(21))), Crowd())
