"""Source of scikit-learn's digits."""

from __future__ import annotations

import numpy as np

from attnframe_vision.data.pictures import TRAIN, Pictures, Source

LEVELS = 16
"""Brightness levels above black in the original, brought to 0 to 255."""


class DigitsSource(Source):
    """scikit-learn's 1,797 digits of 8 x 8 pixels, light on dark, brightness brought from 0-16 to 0-255."""

    name = "digits"

    def fingerprint(self) -> str:
        return "scikit-learn digits, 1797 x 8 x 8"

    def read(self) -> Pictures:
        from sklearn.datasets import load_digits

        found = load_digits()
        images = np.rint(found.images * (255 / LEVELS)).astype(np.uint8)[:, None]
        labels = found.target.astype(np.int64)
        return Pictures(images, labels, np.full(len(labels), TRAIN, np.uint8), tuple("0123456789"))
