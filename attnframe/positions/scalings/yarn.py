"""YaRN scaling of rotary positions."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.scalings.base import RotaryScaling, check_factor


class YarnScaling(RotaryScaling):
    """YaRN (Peng et al. 2023, https://arxiv.org/abs/2309.00071): slow features are interpolated, fast ones kept, those
    between mixed; and attention is sharpened.

    frequency_i -> (1 - ramp_i) frequency_i + ramp_i frequency_i / factor,  ramp_i = clip((i - first) / (last - first))

    where feature pair `first` turns `fast` times within the original length and pair `last` turns `slow` times:

    i(turns) = E ln(original_length / (2 pi turns)) / (2 ln base)

    As in the authors' code, and unlike the paper's formula, the ramp is linear in i, from the floor of i(fast) to the
    ceiling of i(slow). Rotated queries and keys are multiplied by 0.1 ln(factor) + 1 each.

    Args:
        factor: new length over the length of pre-training, at least 1.
        original_length: length of pre-training, in positions, at least 1.
        attention_factor: factor on queries and keys, above 0; None for the paper's 0.1 ln(factor) + 1.
        fast: turns within the original length from which on a feature is kept, above `slow`.
        slow: turns within the original length below which a feature is interpolated, above 0.

    Raises:
        ConfigurationError: when an argument is out of its range.
    """

    def __init__(
        self,
        factor: float,
        original_length: int,
        attention_factor: float | None = None,
        fast: float = 32.0,
        slow: float = 1.0,
    ) -> None:
        check_factor(factor, "YarnScaling")
        if original_length < 1:
            raise ConfigurationError(Fault("original_length (YarnScaling)", "must be at least 1", str(original_length)))
        if not 0 < slow < fast:
            raise ConfigurationError(Fault("slow (YarnScaling)", f"must be above 0 and below fast={fast:g}", str(slow)))
        if attention_factor is not None and attention_factor <= 0:
            raise ConfigurationError(Fault("attention_factor (YarnScaling)", "must be above 0", str(attention_factor)))
        self.factor, self.original_length = factor, original_length
        self.fast, self.slow = fast, slow
        self._attention_factor = attention_factor

    @property
    def attention_factor(self) -> float:
        return 0.1 * math.log(self.factor) + 1.0 if self._attention_factor is None else self._attention_factor

    def scaled(self, frequency: Tensor, base: float) -> Tensor:
        count = frequency.shape[0]
        first = max(0, math.floor(self._pair_that_turns(self.fast, count, base)))
        last = max(first, min(2 * count - 1, math.ceil(self._pair_that_turns(self.slow, count, base))))
        index = torch.arange(count, device=frequency.device, dtype=frequency.dtype)
        ramp = ((index - first) / (last - first or 0.001)).clamp(0, 1)
        return frequency * (1 - ramp) + frequency / self.factor * ramp

    def _pair_that_turns(self, turns: float, count: int, base: float) -> float:
        """Index, as a real number, of the feature pair that turns so often within the original length."""
        return count * math.log(self.original_length / (2 * math.pi * turns)) / math.log(base)
