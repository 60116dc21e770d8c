"""The contract of a network of forecasting."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of a forecast.

    Args:
        channels: C. lookback: rows L. horizon: rows H.
    """

    channels: int
    lookback: int
    horizon: int


class ForecastNetwork(nn.Module, ABC):
    """Base of the networks from a lookback to a horizon.

    Attributes:
        head: the linear map that ends it.
    """

    head: nn.Linear

    @abstractmethod
    def forward(self, past: Tensor) -> Tensor:
        """Lookback (B, C, L), normalised, to horizon (B, C, H)."""

    def start_at_zero(self) -> None:
        """Let every forecast be 0 until the first step of training."""
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
