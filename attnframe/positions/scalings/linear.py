"""Linear scaling of rotary positions."""

from __future__ import annotations

from torch import Tensor

from attnframe.positions.scalings.base import RotaryScaling, check_factor


class LinearScaling(RotaryScaling):
    """Position interpolation (Chen et al. 2023, https://arxiv.org/abs/2306.15595): positions are squeezed into the
    range of pre-training.

    frequency_i -> frequency_i / factor

    Args:
        factor: new length over the length of pre-training, at least 1.

    Raises:
        ConfigurationError: when `factor` is below 1.
    """

    def __init__(self, factor: float) -> None:
        check_factor(factor, "LinearScaling")
        self.factor = factor

    def scaled(self, frequency: Tensor, base: float) -> Tensor:
        return frequency / self.factor
