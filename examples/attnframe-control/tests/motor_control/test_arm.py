"""Postures of the generated arm."""

import numpy as np
from attnframe_control.motor_control.arm import postures


def test_the_end_of_an_arm_of_one_joint_lies_on_a_circle():
    table = postures(50, 1, 0.0)
    angle = table.inputs[:, 0]
    expected = np.hypot(np.cos(angle) - 0.1, np.sin(angle) - 0.1)
    np.testing.assert_allclose(table.targets, expected)
    assert table.features == ("joint1",)


def test_postures_are_the_same_every_time_and_noise_is_small():
    table, again, exact = postures(100, 4, 0.01), postures(100, 4, 0.01), postures(100, 4, 0.0)
    assert table.digest == again.digest != exact.digest
    assert 0.005 < (table.targets - exact.targets).std() < 0.02
    assert (np.abs(exact.targets) <= 1 + np.hypot(0.1, 0.1)).all()
