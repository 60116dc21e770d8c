"""Swin's relative position bias on a grid."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import BiasPosition
from attnframe.positions.look_up import look_up
from attnframe.positions.shapes import require_coordinates


class SwinBias(BiasPosition):
    """The relative position bias of the Swin transformer (Liu et al. 2021, https://arxiv.org/abs/2103.14030): a learned
    number for each head and each offset of rows and columns.

    bias(h, q, k) = table[row_q - row_k, column_q - column_k, h]

    One table for the grid that attention sees, where Swin has one for each layer's windows.

    Args:
        num_heads: query heads H.
        rows: rows of the grid, at least 1. columns: columns of the grid, at least 1.

    Shapes:
        `bias`: query positions (B or 1, T, 2), key positions (B or 1, S, 2), integers -> (B or 1, H, T, S).

    Raises:
        ConfigurationError: from `bias`, for positions that are no rows and columns, or farther apart than the grid is
            wide. Values on an accelerator are not read, since that would wait for it.
    """

    def __init__(self, num_heads: int, rows: int, columns: int) -> None:
        super().__init__()
        self.rows, self.columns = rows, columns
        self.table = nn.Parameter(torch.empty((2 * rows - 1) * (2 * columns - 1), num_heads))  # (offsets, H)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table from a normal distribution with deviation 0.02, cut off at two deviations."""
        nn.init.trunc_normal_(self.table, std=0.02, a=-0.04, b=0.04)

    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        both = (query_positions, key_positions)
        for positions in both:
            require_coordinates(positions, 2, "SwinBias", "Use positions.grid(rows, columns).")
            if positions.is_floating_point():
                raise ConfigurationError(Fault("positions (SwinBias)", "must be integers", str(positions.dtype)))
        known = all(positions.device.type == "cpu" and positions.numel() for positions in both)
        if known and not torch.compiler.is_compiling():
            self._check(*both)
        row, column = (query_positions.unsqueeze(2) - key_positions.unsqueeze(1)).unbind(-1)  # (B, T, S) each
        index = (row + self.rows - 1) * (2 * self.columns - 1) + column + self.columns - 1
        return look_up(self.table, index)

    def _check(self, query: Tensor, key: Tensor) -> None:
        for axis, (name, size) in enumerate({"row": self.rows, "column": self.columns}.items()):
            low, high = query[..., axis].aminmax()
            first, last = key[..., axis].aminmax()
            apart = int(torch.maximum(high - first, last - low))
            if apart >= size:
                must = f"must be less than {size} {name}s apart, as on the grid of the table"
                works = f"Use SwinBias with more {name}s, or a position without a table: AxialRotary."
                raise ConfigurationError(Fault("positions (SwinBias)", must, f"{apart} {name}s", works))
