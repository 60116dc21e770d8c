"""Axial rotary positions."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import RotaryPosition
from attnframe.positions.shapes import require_coordinates
from attnframe.positions.turns import Turns


class AxialRotary(RotaryPosition):
    """Rotary positions on a grid (2-D RoPE; Heo et al. 2024, https://arxiv.org/abs/2403.13298): each coordinate turns
    a share of the features of its own.

    With C coordinates, share c of the features, those from c E / C on, turns as in `Rotary` with width E / C:

    (x_2i, x_2i+1) -> (x_2i cos a - x_2i+1 sin a, x_2i+1 cos a + x_2i sin a),  a = p_c * base^(-2i C / E)

    so that the product of a query and a key depends on the differences of row and of column alone. No parameters.

    Args:
        head_dim: head width E, a multiple of 2 C.
        base: ratio that sets the longest wavelength, above 1; the paper's 100 suits grids of some tens of rows.
        coordinates: C, at least 1; 2 for rows and columns, first to last.

    Shapes:
        `rotate`: x (B, H, T, E), positions (B or 1, T, C) integer or real -> (B, H, T, E).

    Raises:
        ConfigurationError: when `head_dim` cannot be shared; from `rotate`, for positions of other coordinates, or
            features of another width.
    """

    def __init__(self, head_dim: int, base: float = 100.0, coordinates: int = 2) -> None:
        super().__init__()
        if head_dim % (2 * coordinates):
            must = f"must be a multiple of {2 * coordinates}, since each of {coordinates} coordinates turns pairs"
            raise ConfigurationError(Fault("AxialRotary.head_dim", must, str(head_dim)))
        self.head_dim = head_dim
        self.base = base
        self.coordinates = coordinates
        self._turns = Turns()

    def rotate(self, x: Tensor, positions: Tensor) -> Tensor:
        require_coordinates(positions, self.coordinates, "AxialRotary", "Use positions.grid(rows, columns).")
        return self._turns.apply(x, positions, self._angles)

    def _angles(self, positions: Tensor, dtype: torch.dtype) -> Tensor:
        """Angles (B or 1, 1, T, E / 2), those of the first coordinate first."""
        width = self.head_dim // self.coordinates
        index = torch.arange(0, width, 2, device=positions.device, dtype=dtype)
        angles = positions.to(dtype).unsqueeze(-1) * (1.0 / self.base ** (index / width))  # (B or 1, T, C, E / 2C)
        return angles.flatten(-2).unsqueeze(1)
