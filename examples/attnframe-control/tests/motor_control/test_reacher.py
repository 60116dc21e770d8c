"""Steps of an arm in MuJoCo, or what is told where there is none."""

from importlib.util import find_spec

import numpy as np
import pytest
from attnframe_control.motor_control.reacher import steps

from attnframe.errors import DataError


def test_steps_are_the_same_every_time_or_mujoco_is_asked_for():
    if find_spec("mujoco") is None:
        with pytest.raises(DataError, match=r"data=reacher needs MuJoCo.*attnframe-control\[mujoco\]"):
            steps(60)
        return
    table, again = steps(60), steps(60)
    assert table.digest == again.digest
    angle1, angle2 = table.inputs[:, 0], table.inputs[:, 1]
    end = 0.1 * np.stack([np.cos(angle1), np.sin(angle1)]) + 0.11 * np.stack(
        [np.cos(angle1 + angle2), np.sin(angle1 + angle2)]
    )
    before = np.linalg.norm(end - table.inputs[:, 4:6].T, axis=0)
    assert np.abs(before - table.targets).max() < 0.1
    assert np.corrcoef(before, table.targets)[0, 1] > 0.9
