"""The data module of tables."""

import numpy as np
import pytest
from attnframe_control.motor_control.data import MotorModule
from attnframe_control.motor_control.recipes import PlanarArm
from attnframe_control.motor_control.table import Table

from attnframe.errors import DataError


def module(inputs, targets, known=None):
    made = MotorModule(PlanarArm(), lambda facts: Table(("a", "b"), "y", inputs, targets))
    made.known_facts = known
    made.setup()
    return made


@pytest.fixture(scope="module")
def linear():
    inputs = np.random.default_rng(1).normal(3, 2, (100, 2))
    return module(inputs, inputs @ [1.0, -2.0] + 5)


def test_rows_are_split_once_and_standardised_by_the_training_rows(linear):
    assert linear.protocol["rows"] == {"train": 80, "val": 10, "test": 10}
    rows = linear.train.columns["inputs"]
    np.testing.assert_allclose(rows.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(rows.std(0, correction=0), 1, atol=1e-5)


def test_ridge_regression_tells_what_is_linear(linear):
    floor = linear.floor()
    assert floor["name"] == "ridge regression"
    assert floor["test/rmse"] < 1e-3
    assert floor["test/mae"] <= floor["test/rmse"]


def test_a_model_encodes_other_rows_by_its_own_facts(linear):
    other = module(np.zeros((20, 2)), np.zeros(20), linear.facts)
    assert other.facts == linear.facts
    expected = -np.array(linear.facts["mean"]) / np.array(linear.facts["std"])
    np.testing.assert_allclose(other.test.columns["inputs"][0], expected, rtol=1e-5)


def test_a_model_refuses_rows_with_other_columns(linear):
    known = {**linear.facts, "features": ["b", "a"]}
    with pytest.raises(DataError, match=r"must have the columns that the model reads: b, a\. Got a, b"):
        module(np.zeros((20, 2)), np.zeros(20), known)


def test_a_column_that_never_changes_stays_finite():
    made = module(np.ones((20, 2)), np.ones(20))
    assert made.train.columns["inputs"].isfinite().all()
    assert made.facts["std"] == [1.0, 1.0]
