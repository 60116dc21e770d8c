"""Sequences of different lengths in one tensor, from which whole batches are cut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


class Ragged:
    """Rows of integers of different lengths.

    Args:
        rows: (T_i,) int64 each.
    """

    def __init__(self, rows: Sequence[npt.NDArray[np.int64]]) -> None:
        self.lengths = torch.tensor([len(row) for row in rows], dtype=torch.int64)
        self.starts = self.lengths.cumsum(0) - self.lengths
        self.flat = torch.from_numpy(np.concatenate([*rows, np.zeros(1, np.int64)]))

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, indices: Tensor, fill: int) -> Tensor:
        """The rows at `indices` (B,), filled up to the longest: (B, T)."""
        lengths = self.lengths[indices]
        places = torch.arange(int(lengths.max()) if len(lengths) else 0)
        inside = places < lengths.unsqueeze(1)
        where = torch.where(inside, self.starts[indices].unsqueeze(1) + places, len(self.flat) - 1)
        return torch.where(inside, self.flat[where], fill)
