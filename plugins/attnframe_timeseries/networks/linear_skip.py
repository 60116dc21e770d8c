"""The linear map beside a network of forecasting."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe_timeseries.data.ridge import RidgeSums


class LinearSkip(nn.Module):
    r"""One linear map from lookback to horizon for all channels, of differences to the last value (NLinear, Zeng et al.
    2023, https://arxiv.org/abs/2205.13504).

    .. math:: y = x_L + W (x - x_L) + b

    It starts at W = 0 and b = 0, the last value.

    Args:
        lookback: L. horizon: H.

    Shapes: (B, C, L) to (B, C, H).
    """

    def __init__(self, lookback: int, horizon: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(horizon, lookback))
        self.bias = nn.Parameter(torch.zeros(horizon))

    def forward(self, past: Tensor) -> Tensor:
        last = past[..., -1:]
        return last + nn.functional.linear(past - last, self.weight, self.bias)

    @torch.no_grad()
    def solve(self, sums: RidgeSums, penalty: float) -> None:
        """Set W and b to the ridge regression of what was summed."""
        weight, bias = sums.solve(penalty)
        self.weight.copy_(weight)
        self.bias.copy_(bias)
