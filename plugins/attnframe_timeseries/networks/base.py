"""The contract of a network of forecasting."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import Tensor, nn

from attnframe.plugin.subject import Maps


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

    @abstractmethod
    def cells(self, channels: int, lookback: int) -> tuple[int, int]:
        """How many parts of a lookback explanations tell apart: of the channels (1 for all together) and of the lags.

        Args:
            channels: C. lookback: L.
        """

    @abstractmethod
    def parts(self, maps: Maps, prefix: str, lookback: int) -> Tensor:
        """The part of each of `cells` in the forecast of one lookback.

        Args:
            maps: what attention says. prefix: how names of the network's modules begin. lookback: L.
        """

    def start_at_zero(self) -> None:
        """Let every forecast be 0 until the first step of training."""
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
