"""Scores over cells of different units."""

import pytest

from attnframe.baselines.composite import Measured, composites


def test_standard_scores_are_averaged_over_cells_and_signed() -> None:
    accuracy = Measured(1, {"a": {0: 0.9, 1: 0.9}, "b": {0: 0.5, 1: 0.5}})
    loss = Measured(-1, {"a": {0: 1.0, 1: 1.0}, "b": {0: 3.0, 1: 3.0}})
    found = composites([accuracy, loss])
    assert [*found] == ["a", "b"]
    assert found["a"].score.mean == pytest.approx(0.5**0.5)
    assert found["b"].score.mean == pytest.approx(-(0.5**0.5))
    assert found["a"].score.deviation == pytest.approx(0)
    assert found["a"].cells == 2


def test_its_noise_is_the_deviation_over_seeds() -> None:
    found = composites([Measured(1, {"a": {0: 1.0, 1: 3.0}, "b": {0: 0.0, 1: 0.0}})])
    # means 2 and 0, their deviation sqrt 2: z of a is (1 - 1) / sqrt 2 and (3 - 1) / sqrt 2
    assert found["a"].score.mean == pytest.approx(0.5**0.5)
    assert found["a"].score.deviation == pytest.approx(1.0)


def test_a_variant_is_scored_on_the_cells_that_it_takes_part_in() -> None:
    first = Measured(1, {"a": {0: 1.0}, "b": {0: 0.0}, "c": {0: 0.5}})
    found = composites([first, Measured(1, {"a": {0: 1.0}, "b": {0: 0.0}})])
    assert found["c"].cells == 1
    assert found["c"].score.mean == pytest.approx(0.0)
    assert found["a"].cells == 2


def test_cells_without_differences_or_without_company_say_nothing() -> None:
    assert composites([Measured(1, {"a": {0: 1.0}})]) == {}
    found = composites([Measured(1, {"a": {0: 1.0}, "b": {0: 1.0}})])
    assert found["a"].score.mean == found["b"].score.mean == 0.0
