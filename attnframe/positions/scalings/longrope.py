"""LongRoPE scaling of rotary positions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.scalings.base import RotaryScaling, check_factor


class LongRopeScaling(RotaryScaling):
    """LongRoPE (Ding et al. 2024, https://arxiv.org/abs/2402.13753): every feature pair is interpolated by a factor of
    its own, found by a search over the trained model.

    frequency_i -> frequency_i / factors_i

    Rotated queries and keys are multiplied by sqrt(1 + ln(factor) / ln(original_length)) each. Models are published
    with two sets of factors, for short and for long texts; give the one that suits the longest text. Changing from one
    to the other in the midst of a text would leave a cache with keys of both.

    Args:
        factors: one for each feature pair (E / 2), each above 0.
        factor: new length over the length of pre-training, at least 1.
        original_length: length of pre-training, in positions, at least 2.

    Raises:
        ConfigurationError: when an argument is out of its range; from `scaled`, when the number of factors is not that
            of the feature pairs.
    """

    def __init__(self, factors: Sequence[float], factor: float, original_length: int) -> None:
        check_factor(factor, "LongRopeScaling")
        if original_length < 2:
            raise ConfigurationError(
                Fault("original_length (LongRopeScaling)", "must be at least 2", str(original_length))
            )
        if min(factors, default=1.0) <= 0:
            raise ConfigurationError(Fault("factors (LongRopeScaling)", "must be above 0 each", str(min(factors))))
        self.factors = tuple(factors)
        self.factor, self.original_length = factor, original_length

    @property
    def attention_factor(self) -> float:
        return math.sqrt(1 + math.log(self.factor) / math.log(self.original_length))

    def scaled(self, frequency: Tensor, base: float) -> Tensor:
        if len(self.factors) != frequency.shape[0]:
            must = f"must be one for each of the {frequency.shape[0]} feature pairs"
            raise ConfigurationError(Fault("factors (LongRopeScaling)", must, str(len(self.factors))))
        return frequency / frequency.new_tensor(self.factors)
