"""What each token says about the class of a text, counted in the training part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

FOLDS: Final = 10
"""Parts of the training texts: what is told of a text's tokens is counted in the nine parts that it is not in."""


def log_count_ratios(
    rows: Sequence[npt.NDArray[np.int64]], labels: npt.NDArray[np.int64], size: int, classes: int
) -> npt.NDArray[np.float32]:
    r"""Log-count ratios (V, C) of tokens, those of naive Bayes (Wang and Manning 2012,
    https://aclanthology.org/P12-2018): above 0 where a token speaks for a class.

    .. math:: r_{wc} = \ln \frac{n_{wc} + 1}{\sum_v (n_{vc} + 1)} - \ln \frac{\bar n_{wc} + 1}{\sum_v (\bar n_{vc} + 1)}

    n counts the texts of class c that hold the token, and :math:`\bar n` those of other classes. Padding and unknown
    tokens say nothing.

    Args:
        rows: ids of each text. labels: (N,) class of each. size: vocabulary V. classes: C.
    """
    counts = np.zeros((size, classes))
    for row, label in zip(rows, labels, strict=True):
        counts[np.unique(row), label] += 1
    inside, outside = counts + 1, counts.sum(1, keepdims=True) - counts + 1
    ratios = np.log(inside / inside.sum(0)) - np.log(outside / outside.sum(0))
    ratios[:2] = 0
    ratios[counts.sum(1) == 0] = 0
    return ratios.astype(np.float32)


def fold_of(count: int) -> npt.NDArray[np.int64]:
    """The fold of each of `count` training texts, the same in every run."""
    return np.random.default_rng(0).permutation(count) % FOLDS


def ratios_by_fold(
    rows: Sequence[npt.NDArray[np.int64]], labels: npt.NDArray[np.int64], size: int, classes: int
) -> npt.NDArray[np.float32]:
    """`log_count_ratios` without the texts of each fold: (`FOLDS`, V, C). What a text itself says about its tokens
    would give its class away.

    Args:
        rows: ids of each text. labels: (N,) class of each. size: vocabulary V. classes: C.
    """
    folds = fold_of(len(rows))
    found = []
    for fold in range(FOLDS):
        kept = np.flatnonzero(folds != fold)
        found.append(log_count_ratios([rows[row] for row in kept], labels[kept], size, classes))
    return np.stack(found)
