"""Answers case by case: calibration and classes, known answers."""

import pytest

from attnframe.baselines.cases import calibration_error, right, scores_by_class

CASES = {
    "classes": ["cat", "dog"],
    "labels": [0, 0, 1, 1],
    "answers": [0, 1, 1, 1],
    "confidence": [0.95, 0.95, 0.65, 0.65],
}


def test_being_right() -> None:
    assert right(CASES).tolist() == [1, 0, 1, 1]


def test_the_calibration_error_weighs_the_gaps_of_the_intervals() -> None:
    # two cases at 0.95, one of them right; two at 0.65, both right
    assert calibration_error(CASES) == pytest.approx(0.5 * 0.45 + 0.5 * 0.35)
    assert calibration_error({**CASES, "answers": [0, 0, 1, 1], "confidence": [1.0] * 4}) == 0.0


def test_scores_of_each_class_are_means_over_runs() -> None:
    perfect = {**CASES, "answers": CASES["labels"]}
    cat, dog = scores_by_class([CASES, perfect])
    assert (cat["class"], cat["cases"]) == ("cat", 2)
    assert cat["precision"] == 1.0
    assert cat["recall"] == pytest.approx((0.5 + 1) / 2)
    assert cat["f1"] == pytest.approx((2 / 3 + 1) / 2)
    assert dog["precision"] == pytest.approx((2 / 3 + 1) / 2)
    assert dog["recall"] == 1.0
