"""Whether a difference is more than noise."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 2000
"""Resamples of a bootstrap."""


@dataclass(frozen=True)
class Spread:
    """Numbers of several repeats.

    Args:
        mean: their mean. deviation: their sample deviation; None for a single one. number: how many they are.
    """

    mean: float
    deviation: float | None
    number: int


def spread(values: Sequence[float]) -> Spread:
    """Mean and sample deviation of at least one number."""
    deviation = statistics.stdev(values) if len(values) > 1 else None
    return Spread(statistics.fmean(values), deviation, len(values))


def paired_p(differences: Sequence[float]) -> float | None:
    """Two-sided p-value of paired differences being 0 on average, by Student's t with n - 1 degrees of freedom.

    t = mean / (deviation / sqrt(n)) (Student 1908, https://doi.org/10.1093/biomet/6.1.1).

    Args:
        differences: one for each repeat, of the same seed on both sides.

    Returns:
        From 0 to 1; None for fewer than two differences, 1 when all are 0, 0 when all are the same but not 0.
    """
    if len(differences) < 2:
        return None
    mean, deviation = statistics.fmean(differences), statistics.stdev(differences)
    if deviation <= 1e-12 * abs(mean):
        return 0.0 if mean else 1.0
    from scipy.stats import t

    return float(2 * t.sf(abs(mean) / (deviation / math.sqrt(len(differences))), len(differences) - 1))


def bootstrap_interval(values: NDArray[np.float64], level: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """Percentile interval of the mean over test cases (Efron 1979, https://doi.org/10.1214/aos/1176344552).

    Args:
        values: (N,) one number for each test case; of several seeds, their mean for each case.
        level: coverage, in (0, 1).
        seed: of the resampling.
    """
    generator = np.random.default_rng(seed)
    means = np.empty(DRAWS)
    for draw in range(DRAWS):
        means[draw] = values[generator.integers(len(values), size=len(values))].mean()
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
