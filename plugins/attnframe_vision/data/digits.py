"""Source of scikit-learn's digits."""

from __future__ import annotations

import numpy as np

from attnframe.plugin.splitting import SPLIT_SEED, TEST, TRAIN, VAL
from attnframe_vision.data.pictures import Pictures, Source
from attnframe_vision.recipes.digits import Digits

LEVELS = 16
"""Brightness levels above black in the original, brought to 0 to 255."""


class DigitsSource(Source):
    """scikit-learn's 1,797 digits of 8 x 8 pixels, light on dark, brightness brought from 0-16 to 0-255.

    The split is scikit-learn's own, so that anyone can compare: ``train_test_split`` with ``stratify`` and
    ``random_state=0`` cuts off test, and then val off the rest. With a fold, test is that fold of
    ``StratifiedKFold(5, shuffle=True, random_state=0)``.

    Args:
        split: fractions of train, val and test, each above 0.
        fold: the fold that is test, from 0 to 4; None to cut test off by `split`.
    """

    name = "digits"

    def __init__(self, split: tuple[float, float, float], fold: int | None = None) -> None:
        self.split, self.fold = split, fold

    def fingerprint(self) -> str:
        return f"scikit-learn digits, 1797 x 8 x 8, split {self.split}, fold {self.fold}"

    def read(self) -> Pictures:
        from sklearn.datasets import load_digits
        from sklearn.model_selection import StratifiedKFold, train_test_split

        found = load_digits()
        images = np.rint(found.images * (255 / LEVELS)).astype(np.uint8)[:, None]
        labels = found.target.astype(np.int64)
        parts = np.full(len(labels), TRAIN, np.uint8)
        _, val, test = self.split
        if self.fold is None:
            every = np.arange(len(labels))
            rest, parts_test = train_test_split(every, test_size=test, stratify=labels, random_state=SPLIT_SEED)
        else:
            cuts = StratifiedKFold(Digits.folds, shuffle=True, random_state=SPLIT_SEED).split(images, labels)
            rest, parts_test = list(cuts)[self.fold]
        _, parts_val = train_test_split(
            rest, test_size=val / (1 - test), stratify=labels[rest], random_state=SPLIT_SEED
        )
        parts[parts_test], parts[parts_val] = TEST, VAL
        return Pictures(images, labels, parts, tuple("0123456789"))
