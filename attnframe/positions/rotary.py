"""Rotary positions."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import RotaryPosition
from attnframe.positions.scalings.base import RotaryScaling
from attnframe.positions.shapes import require_order
from attnframe.positions.turns import Turns


class Rotary(RotaryPosition):
    """Rotary positions, RoPE (Su et al. 2021, https://arxiv.org/abs/2104.09864): pairs of features turn by angles
    proportional to the position.

    (x_2i, x_2i+1) -> (x_2i cos a - x_2i+1 sin a, x_2i+1 cos a + x_2i sin a),  a = p * base^(-2i / E)

    so that the product of a query at p and a key at r depends on p - r alone. There are no parameters. Neighbouring
    features are paired, as in the paper, which makes a turn one complex product: a quarter of the time of pairing
    i with i + E/2 (half-split, as in the Hugging Face Llama). The two differ only in the order of features: to read
    half-split weights, move row i of the first half to 2i and of the second to 2i + 1 in each head of the query and key
    projections.

    Angles are made in float32 (float64 for float64 features) from the positions given, any integers or reals. The last
    ones made on a CPU are kept, since queries, keys and all layers of a model share them.

    Args:
        head_dim: head width E, even.
        base: ratio that sets the longest wavelength, above 1.
        scaling: changes the frequencies for texts longer than those of pre-training; None for none.

    Shapes:
        `rotate`: x (B, H, T, E), positions (B or 1, T) -> (B, H, T, E).

    Raises:
        ConfigurationError: when `head_dim` is odd; from `rotate`, for positions with coordinates, or features of
            another width.
    """

    def __init__(self, head_dim: int, base: float = 10000.0, scaling: RotaryScaling | None = None) -> None:
        super().__init__()
        if head_dim % 2:
            must = "must be even, since features turn in pairs"
            raise ConfigurationError(Fault("Rotary.head_dim", must, str(head_dim)))
        self.head_dim = head_dim
        self.base = base
        self.scaling = scaling
        self._turns = Turns(1.0 if scaling is None else scaling.attention_factor)

    def rotate(self, x: Tensor, positions: Tensor) -> Tensor:
        require_order(positions, "Rotary")
        return self._turns.apply(x, positions, self._angles)

    def _angles(self, positions: Tensor, dtype: torch.dtype) -> Tensor:
        """Angles (B or 1, 1, T, E / 2)."""
        index = torch.arange(0, self.head_dim, 2, device=positions.device, dtype=dtype)
        frequency = 1.0 / self.base ** (index / self.head_dim)
        if self.scaling is not None:
            frequency = self.scaling.scaled(frequency, self.base)
        return positions.to(dtype)[:, None, :, None] * frequency
