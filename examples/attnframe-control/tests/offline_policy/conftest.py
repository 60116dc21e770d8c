import numpy as np
import pytest
from attnframe_control.offline_policy.trajectories import Trajectories


@pytest.fixture
def two():
    """Two trajectories, of three and two steps, whose states are their numbers."""
    episodes = [
        [
            (np.array([0.0], np.float32), 1, 1.0),
            (np.array([1.0], np.float32), 0, 0.0),
            (np.array([2.0], np.float32), 1, 2.0),
        ],
        [(np.array([3.0], np.float32), 0, 5.0), (np.array([4.0], np.float32), 1, -1.0)],
    ]
    return Trajectories.of(episodes)
