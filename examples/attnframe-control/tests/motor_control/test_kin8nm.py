"""kin8nm as it was published."""

import os
from pathlib import Path

import pytest
from attnframe_control.motor_control.data import MotorModule
from attnframe_control.motor_control.kin8nm import read_kin8nm
from attnframe_control.motor_control.recipes import Kin8nm

ROOT = os.environ.get("ATTNFRAME_DATA_DIR", "")


@pytest.mark.skipif(not ROOT, reason="needs ATTNFRAME_DATA_DIR")
def test_linear_regression_reaches_what_it_is_known_to():
    made = MotorModule(Kin8nm(), lambda facts: read_kin8nm(Path(ROOT)))
    made.setup()
    assert made.protocol["rows"] == {"train": 6554, "val": 819, "test": 819}
    assert made.floor()["test/rmse"] == pytest.approx(0.195, abs=0.015)
