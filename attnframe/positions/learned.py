"""Learned positions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import InputPosition
from attnframe.positions.shapes import require_order


class Learned(InputPosition):
    """One learned vector for each position, added to the input (Gehring et al. 2017, https://arxiv.org/abs/1705.03122;
    Devlin et al. 2019, https://arxiv.org/abs/1810.04805).

    Args:
        dim: model width D.
        max_length: number of positions the table holds; they run from 0 to max_length - 1.

    Shapes:
        `add`: x (B, T, D), positions (B or 1, T) int64 -> (B, T, D).

    Raises:
        ConfigurationError: from `add`, for positions that are no single integers, and when one lies outside the table.
            Values on an accelerator are not read, since that would wait for it; there the look-up itself fails.
    """

    def __init__(self, dim: int, max_length: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(max_length, dim))  # (max_length, D)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table from a normal distribution with deviation 0.02."""
        nn.init.normal_(self.table, std=0.02)

    def add(self, x: Tensor, positions: Tensor) -> Tensor:
        require_order(positions, "Learned", integer=True)
        if positions.device.type == "cpu" and positions.numel() and not torch.compiler.is_compiling():
            low, high = positions.aminmax()
            self._check(int(low), int(high))
        return x + functional.embedding(positions, self.table).to(x.dtype)

    def add_from(self, x: Tensor, start: int) -> Tensor:
        end = start + x.shape[1]
        if end > start:
            self._check(start, end - 1)
        return x + self.table[start:end].to(x.dtype)

    def _check(self, low: int, high: int) -> None:
        size = self.table.shape[0]
        if low < 0 or high >= size:
            must = f"must lie in the learned table, 0 to {size - 1}"
            works = "Use a longer max_length, or a position without a table: sinusoidal, rope, alibi."
            raise ConfigurationError(Fault("positions (Learned)", must, f"{low} to {high}", works))
