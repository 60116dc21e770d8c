"""A split of examples that all have the same shape, held in memory."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor


class Columns:
    """Tensors that share their first axis, the examples; a batch is a dict of the same names.

    Args:
        columns: by name, (N, ...) each.
    """

    def __init__(self, columns: Mapping[str, Tensor]) -> None:
        self.columns = dict(columns)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def part(self, rows: Tensor) -> Columns:
        """The examples at some rows (n,), as a split of their own."""
        return Columns(self.batch(rows))

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The examples at `indices` (n,)."""
        return {name: column[indices] for name, column in self.columns.items()}
