"""Curves of deletion with known shapes."""

import numpy as np
import pytest
import torch
from torch import Tensor

from attnframe.explanation.faithfulness import deletion

WEIGHTS = torch.tensor([4.0, 3.0, 2.0, 1.0, 0.0])


def additive(kept: Tensor) -> Tensor:
    """Each unit adds its weight."""
    return kept.float() @ WEIGHTS


def test_the_curves_of_an_additive_score_are_known() -> None:
    found = deletion(additive, {"right": WEIGHTS, "wrong": -WEIGHTS}, orders=20, steps=5)
    np.testing.assert_allclose(found.deleted, [0, 0.2, 0.4, 0.6, 0.8, 1])
    np.testing.assert_allclose(found.attended["right"], [10, 6, 3, 1, 0, 0])
    np.testing.assert_allclose(found.attended["wrong"], [10, 10, 9, 7, 4, 0])
    assert found.random.shape == (20, 6)
    assert found.area("right") == pytest.approx(0.2 * (found.mean[1:-1].sum() - 10))
    assert found.area("wrong") < 0 < found.area("right")
    assert found.beaten("right") == 1
    assert found.beaten("wrong") < 0.1  # an order may be as wrong by chance
    assert found.faithful("right")
    assert not found.faithful("wrong")
    assert found.verdict("right").startswith("Faithful: the answer falls faster in its order than in 100% of 20 random")
    assert found.verdict("wrong").startswith("This map is not faithful: ")


def test_steps_thin_the_points_and_keep_the_ends() -> None:
    units = 100
    found = deletion(lambda kept: kept.float().sum(1), {"any": torch.arange(units)}, orders=2, steps=4)
    np.testing.assert_allclose(found.deleted, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(found.attended["any"], [100, 75, 50, 25, 0])
    assert found.beaten("any") == 0.5  # every order is as fast
    assert not found.faithful("any")


def test_units_that_are_all_alike_give_no_order() -> None:
    found = deletion(additive, {"flat": torch.ones(5)}, orders=4, steps=5)
    assert found.verdict("flat") == "This map says nothing: it weighs all units alike."
    assert not found.faithful("flat")


def test_a_single_unit_is_kept_or_deleted() -> None:
    found = deletion(lambda kept: kept.float().sum(1), {"only": torch.ones(1)}, orders=2, steps=8)
    np.testing.assert_allclose(found.attended["only"], [1, 0])


def test_the_same_seed_gives_the_same_orders() -> None:
    first, second, other = (
        deletion(additive, {"right": WEIGHTS}, orders=5, steps=5, seed=seed).random for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()
