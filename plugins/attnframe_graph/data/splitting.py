"""Parting labelled nodes where the data do not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from attnframe_graph.data.graph import NO_PART, PARTS, TRAIN, UNLABELLED

SPLIT_SEED = 0
"""Splits never follow the run's seed, so that all runs see the same test part."""


def split_labelled(
    parts: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], fractions: tuple[float, float, float]
) -> npt.NDArray[np.uint8]:
    """Parts (N,) in which train, val and test all occur: what is missing is cut off, class by class, at random with
    seed 0. Parts that the data bring stay.

    Args:
        parts: (N,) as the data bring them; `NO_PART` everywhere when they bring none.
        labels: (N,) class indices, -1 for none; only labelled nodes get a part.
        fractions: shares of train, val and test; only those of missing parts count, over their sum with train's.
    """
    chosen: npt.NDArray[np.uint8] = parts.copy()
    if (parts == NO_PART).all():
        chosen[labels != UNLABELLED] = TRAIN
    missing = [part for part in range(len(PARTS)) if not (chosen == part).any()]
    if not missing or TRAIN in missing:
        return chosen
    shares = np.array([fractions[part] for part in (TRAIN, *missing)])
    shares = shares / shares.sum()
    generator = np.random.default_rng(SPLIT_SEED)
    for label in np.unique(labels[chosen == TRAIN]):
        members = generator.permutation(np.flatnonzero((chosen == TRAIN) & (labels == label)))
        taken = 0
        for part, share in zip(missing, shares[1:], strict=True):
            count = max(round(share * len(members)), 1) if share else 0
            chosen[members[taken : taken + count]] = part
            taken += count
    return chosen
