"""ALiBi."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.positions.base import BiasPosition
from attnframe.positions.shapes import require_order


class Alibi(BiasPosition):
    """Attention with linear biases (Press, Smith and Lewis 2022, https://arxiv.org/abs/2108.12409): scores fall with
    distance, at a slope of each head's own. No parameters.

    bias(h, q, k) = -slope_h |p_q - p_k|

    For causal attention this is the paper's -slope (p_q - p_k); otherwise it is the symmetric form. With n heads, n a
    power of two, slope_h = 2^(-8 (h + 1) / n). Otherwise, as in the authors' code, the slopes of the largest power of
    two m below n come first, then every other slope of 2 m.

    Args:
        num_heads: query heads H.

    Shapes:
        `bias`: query positions (B or 1, T), key positions (B or 1, S) -> (B or 1, H, T, S), float32 (float64 for
        float64 positions).

    Raises:
        ConfigurationError: from `bias`, for positions with coordinates.
    """

    def __init__(self, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads

    def slopes(self, device: torch.device | None = None) -> Tensor:
        """The slopes (H,) in float32, all positive."""
        power = 1 << (self.num_heads.bit_length() - 1)
        first = torch.arange(1, power + 1, device=device, dtype=torch.float32) * (8 / power)
        rest = torch.arange(self.num_heads - power, device=device, dtype=torch.float32).add(0.5) * (8 / power)
        return torch.exp2(-torch.cat((first, rest)))

    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        for positions in (query_positions, key_positions):
            require_order(positions, "Alibi")
        distance = (query_positions.unsqueeze(-1) - key_positions.unsqueeze(-2)).abs().unsqueeze(1)  # (B or 1, 1, T, S)
        return -self.slopes(distance.device).view(-1, 1, 1) * distance
