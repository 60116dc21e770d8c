"""The motion planning dataset as it was published."""

import os
from pathlib import Path

import numpy as np
import pytest
from attnframe_control.path_planning.maps import distances, shortest_moves
from attnframe_control.path_planning.mp_planning import FILES, read_environment

ROOT = os.environ.get("ATTNFRAME_DATA_DIR", "")


@pytest.mark.skipif(not ROOT, reason="needs ATTNFRAME_DATA_DIR")
def test_distances_and_policies_are_those_of_the_files():
    train, val, test = read_environment(Path(ROOT), "mazes")
    assert (len(train), len(val), len(test)) == (800, 100, 100)
    away = distances(test)
    with np.load(FILES["mazes"].ready(Path(ROOT))) as arrays:
        published = -arrays["arr_11"][:, 0]
        policy = arrays["arr_10"][:, :, 0] > 0
    reached = published < 1000
    np.testing.assert_array_equal(away[reached], published[reached])
    assert (away[~reached & test.free] > 1000).all()
    started = (away > 0) & reached
    assert (shortest_moves(away) & policy).any(1)[started].all()
