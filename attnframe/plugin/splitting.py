"""Cutting the parts that a data set does not bring off those that it does. Torch-free."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TRAIN, VAL, TEST = 0, 1, 2
"""How parts are numbered."""

NO_PART = 3
"""The number of what is in no part."""

SPLIT_SEED = 0
"""Splits never follow the run's seed, so that all runs see the same test part."""


def complete_parts(
    parts: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], fractions: tuple[float, float, float]
) -> npt.NDArray[np.uint8]:
    """Parts (N,) in which train, val and test all occur: a missing val or test is cut off train, class by class, at
    random with seed 0.

    Args:
        parts: (N,) as the data bring them; train must occur.
        labels: (N,) class indices.
        fractions: shares of train, val and test; only those of the missing parts count, over their sum with train's.
    """
    missing = [part for part in (VAL, TEST) if not (parts == part).any()]
    shares = np.array([fractions[part] for part in (TRAIN, *missing)])
    shares = shares / shares.sum()
    chosen: npt.NDArray[np.uint8] = parts.copy()
    generator = np.random.default_rng(SPLIT_SEED)
    for label in np.unique(labels):
        members = generator.permutation(np.flatnonzero((parts == TRAIN) & (labels == label)))
        taken = 0
        for part, share in zip(missing, shares[1:], strict=True):
            count = max(round(share * len(members)), 1) if share else 0
            chosen[members[taken : taken + count]] = part
            taken += count
    return chosen


def window_parts(
    firsts: npt.NDArray[np.float64], lasts: npt.NDArray[np.float64], fractions: tuple[float, float, float]
) -> npt.NDArray[np.uint8]:
    """Parts (N,) of windows over time, train before val before test, so that no moment is in windows of two parts:
    windows across a border are in no part.

    Args:
        firsts, lasts: (N,) the first and the last moment of each window, in any unit.
        fractions: shares of train, val and test of the windows, by where they begin.
    """
    ordered = np.sort(firsts)
    cuts = np.round(np.cumsum(fractions[:2]) * len(ordered)).astype(np.int64)
    borders = [ordered[cut] if cut < len(ordered) else np.inf for cut in cuts]
    begin, end = (np.searchsorted(borders, moments, side="right") for moments in (firsts, lasts))
    parts: npt.NDArray[np.uint8] = np.where(begin == end, begin, NO_PART).astype(np.uint8)
    return parts
