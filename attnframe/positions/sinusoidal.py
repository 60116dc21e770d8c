"""Sinusoidal positions."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from attnframe.positions.base import InputPosition
from attnframe.positions.shapes import require_order


class Sinusoidal(InputPosition):
    """Sines and cosines of falling frequency, added to the input (Vaswani et al. 2017,
    https://arxiv.org/abs/1706.03762). No parameters.

    encoding(p)[2i] = sin(p / base^(2i / D)),  encoding(p)[2i + 1] = cos(p / base^(2i / D))

    Args:
        dim: model width D; with an odd one the last cosine is left out.
        base: ratio of the longest wavelength to the shortest, above 1.

    Shapes:
        `add`: x (B, T, D), positions (B or 1, T) integer or real -> (B, T, D).

    Raises:
        ConfigurationError: from `add`, for positions with coordinates.
    """

    def __init__(self, dim: int, base: float = 10000.0) -> None:
        super().__init__()
        self.dim = dim
        self.base = base

    def add(self, x: Tensor, positions: Tensor) -> Tensor:
        require_order(positions, "Sinusoidal")
        return x + self.encoding(positions).to(x.dtype)

    def encoding(self, positions: Tensor) -> Tensor:
        """The encoding (B or 1, T, D) of positions (B or 1, T), in float32."""
        index = torch.arange(0, self.dim, 2, device=positions.device, dtype=torch.float32)
        angle = positions.float().unsqueeze(-1) * torch.exp(index * (-math.log(self.base) / self.dim))
        return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(-2)[..., : self.dim]
