"""Llama 3's scaling of rotary positions."""

from __future__ import annotations

import math

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.scalings.base import RotaryScaling, check_factor


class Llama3Scaling(RotaryScaling):
    """The scaling of Llama 3.1 (Grattafiori et al. 2024, https://arxiv.org/abs/2407.21783): features that turn often
    within the original length are kept, slow ones interpolated, those between mixed by how often they turn.

    frequency -> (1 - keep) frequency / factor + keep frequency,  keep = clip((turns - slow) / (fast - slow))
    with turns = original_length frequency / (2 pi)

    Args:
        factor: new length over the length of pre-training, at least 1.
        original_length: length of pre-training, in positions, at least 1.
        fast: turns within the original length from which on a feature is kept, above `slow`.
        slow: turns within the original length below which a feature is interpolated, above 0.

    Raises:
        ConfigurationError: when an argument is out of its range.
    """

    def __init__(self, factor: float, original_length: int, fast: float = 4.0, slow: float = 1.0) -> None:
        check_factor(factor, "Llama3Scaling")
        if original_length < 1:
            raise ConfigurationError(
                Fault("original_length (Llama3Scaling)", "must be at least 1", str(original_length))
            )
        if not 0 < slow < fast:
            raise ConfigurationError(
                Fault("slow (Llama3Scaling)", f"must be above 0 and below fast={fast:g}", str(slow))
            )
        self.factor, self.original_length = factor, original_length
        self.fast, self.slow = fast, slow

    def scaled(self, frequency: Tensor, base: float) -> Tensor:
        turns = frequency * (self.original_length / (2 * math.pi))
        keep = ((turns - self.slow) / (self.fast - self.slow)).clamp(0, 1)
        return frequency / self.factor * (1 - keep) + frequency * keep
