"""Labelled series as they were read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

PARTS: Final = ("train", "val", "test")
UNLABELLED: Final = -1


@dataclass(frozen=True)
class Cases:
    """Labelled series.

    Args:
        series: (T, C) float32 each, of one number of channels.
        labels: (N,) int64 class indices, -1 for none.
        classes: their names.
        parts: (N,) uint8 as in `attnframe.plugin.splitting`.
    """

    series: tuple[npt.NDArray[np.float32], ...]
    labels: npt.NDArray[np.int64]
    classes: tuple[str, ...]
    parts: npt.NDArray[np.uint8]

    @property
    def channels(self) -> int:
        """C."""
        return int(self.series[0].shape[1])

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Steps (N,) of each series."""
        return np.array([len(one) for one in self.series], np.int64)

    @property
    def digest(self) -> str:
        """sha256 (hex) of everything that a model learns from."""
        found = hashlib.sha256("\n".join(self.classes).encode())
        for array in (self.labels, self.parts, self.lengths, *self.series):
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()


def padded(
    series: tuple[npt.NDArray[np.float32], ...], length: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Series (N, length, C), 0 after their end, and where they are real (N, length).

    Args:
        series: (T, C) each. length: at least that of the longest.
    """
    lengths = np.array([len(one) for one in series])
    valid = np.arange(length) < lengths[:, None]
    whole = np.zeros((len(series), length, series[0].shape[1]), np.float32)
    whole[valid] = np.concatenate(series)
    return whole, valid
