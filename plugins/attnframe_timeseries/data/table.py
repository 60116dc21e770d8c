"""A table of series as it was read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class Table:
    """Series side by side.

    Args:
        times: N times in steps of one length, dates or numbers.
        channels: names of the C channels.
        values: (N, C), finite, in the data's units.
    """

    times: pd.Index
    channels: tuple[str, ...]
    values: npt.NDArray[np.float64]

    @property
    def digest(self) -> str:
        """sha256 (hex) of channels and values."""
        found = hashlib.sha256("\n".join(self.channels).encode())
        found.update(np.ascontiguousarray(self.values).tobytes())
        return found.hexdigest()
