"""Noise: known answers."""

import numpy as np
import pytest

from attnframe.baselines.statistics import bootstrap_interval, paired_p, spread


def test_mean_and_sample_deviation() -> None:
    assert spread([1.0, 3.0]).deviation == pytest.approx(2**0.5)
    assert (spread([4.0]).mean, spread([4.0]).deviation, spread([4.0]).number) == (4.0, None, 1)


def test_the_p_value_of_students_paired_t() -> None:
    # t = 2 / (1 / sqrt 3) = 3.4641 with 2 degrees of freedom
    assert paired_p([1.0, 2.0, 3.0]) == pytest.approx(0.0742, abs=1e-4)
    assert paired_p([-1.0, 1.0]) == pytest.approx(1.0)
    assert paired_p([0.5]) is None
    assert paired_p([0.0, 0.0]) == 1.0
    assert paired_p([0.25, 0.25]) == 0.0


def test_the_bootstrap_agrees_with_the_normal_approximation() -> None:
    values = (np.arange(400) % 4 > 0).astype(np.float64)
    low, high = bootstrap_interval(values)
    half = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert low == pytest.approx(0.75 - half, abs=0.006)
    assert high == pytest.approx(0.75 + half, abs=0.006)
    assert bootstrap_interval(values) == (low, high)
    assert bootstrap_interval(np.ones(10)) == (1.0, 1.0)
