"""Positions of the places of a grid."""

from __future__ import annotations

import torch
from torch import Tensor


def grid(rows: int, columns: int, *, extra_tokens: int = 0, device: torch.device | None = None) -> Tensor:
    """Row and column of each place of a grid, row by row from the top left.

    Tokens in front that have no place, such as a class token, stand at row 0 and column 0, outside of the grid, whose
    own rows and columns then count from 1. So a rotary scheme does not turn them, and a bias by offsets knows them.

    Args:
        rows: R, at least 1. columns: C, at least 1.
        extra_tokens: tokens in front of the grid.
        device: of the result.

    Returns:
        (1, extra_tokens + R C, 2) int64.
    """
    first = 1 if extra_tokens else 0
    row, column = (torch.arange(first, first + size, device=device) for size in (rows, columns))
    places = torch.cartesian_prod(row, column).view(-1, 2)
    return torch.cat([places.new_zeros(extra_tokens, 2), places]).unsqueeze(0)
