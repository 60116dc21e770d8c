"""The generated series of three shapes."""

from __future__ import annotations

from typing import Final

import numpy as np

from attnframe.plugin.splitting import TRAIN
from attnframe_timeseries.data.cases import Cases

EACH: Final = 200
"""Series of each class."""
CLASSES: Final = ("bell", "cylinder", "funnel")


def cylinder_bell_funnel() -> Cases:
    r"""Cylinder, bell and funnel (Saito 1994), of unequal lengths, drawn with seed 0.

    .. math:: x_t = (6 + \eta)\, s(t) + \epsilon_t \quad \text{for } a \le t < b, \text{ else } \epsilon_t

    with s = 1 for a cylinder, (t - a) / (b - a) for a bell and (b - t) / (b - a) for a funnel, noise of deviation 1
    and a place [a, b) at random.
    """
    generator = np.random.default_rng(0)
    series, labels = [], []
    for number in range(len(CLASSES) * EACH):
        label = number % len(CLASSES)
        length = int(generator.integers(64, 129))
        first = int(generator.integers(length // 8, length // 4))
        width = int(generator.integers(length // 4, length * 3 // 4))
        last = min(first + width, length)
        rise = np.arange(last - first) / (last - first)
        shape = {"bell": rise, "cylinder": np.ones_like(rise), "funnel": 1 - rise}[CLASSES[label]]
        one = generator.normal(size=length)
        one[first:last] += (6 + generator.normal()) * shape
        series.append(one[:, None].astype(np.float32))
        labels.append(label)
    return Cases(tuple(series), np.array(labels, np.int64), CLASSES, np.full(len(series), TRAIN, np.uint8))
