from __future__ import annotations

import numpy as np
from attnframe_vision.data.digits import DigitsSource
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from attnframe.plugin.splitting import TEST, VAL

SPLIT = (0.64, 0.16, 0.2)


def test_the_test_part_is_that_of_scikit_learn() -> None:
    pictures = DigitsSource(SPLIT).read()
    _, test = train_test_split(np.arange(1797), test_size=0.2, stratify=load_digits().target, random_state=0)
    assert np.flatnonzero(pictures.parts == TEST).tolist() == sorted(test)
    assert (pictures.parts == VAL).sum() == 288


def test_each_picture_is_tested_in_one_fold() -> None:
    tested = [DigitsSource(SPLIT, fold).read().parts == TEST for fold in range(5)]
    assert (np.sum(tested, axis=0) == 1).all()


def test_brightness_runs_from_0_to_255() -> None:
    images = DigitsSource(SPLIT).read().images
    assert images.shape == (1797, 1, 8, 8)
    assert (images.min(), images.max()) == (0, 255)


def test_the_fingerprint_follows_the_fold() -> None:
    assert DigitsSource(SPLIT, 1).fingerprint() != DigitsSource(SPLIT).fingerprint()
