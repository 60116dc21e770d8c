"""NTK-aware scaling of rotary positions."""

from __future__ import annotations

from torch import Tensor, arange

from attnframe.positions.scalings.base import RotaryScaling, check_factor


class NtkScaling(RotaryScaling):
    """NTK-aware interpolation (bloc97 2023; section 3.1 of Peng et al. 2023, https://arxiv.org/abs/2309.00071): a
    larger base, so that fast features keep their frequency and the slowest is interpolated.

    base -> base * factor^(E / (E - 2)),  that is  frequency_i -> frequency_i * factor^(-2i / (E - 2))

    The dynamic form, which computes the factor anew from the length of each call, is left out: keys in a cache were
    turned by the factor of an earlier length, so decoding would disagree with the full pass. `for_length` gives what it
    would use at one length, for all.

    Args:
        factor: new length over the length of pre-training, at least 1.

    Raises:
        ConfigurationError: when `factor` is below 1.
    """

    def __init__(self, factor: float) -> None:
        check_factor(factor, "NtkScaling")
        self.factor = factor

    @classmethod
    def for_length(cls, length: int, original_length: int, factor: float = 1.0) -> NtkScaling:
        """The scaling that dynamic NTK (emozilla 2023) uses at one length; none up to the length of pre-training.

        Args:
            length: longest text, in positions.
            original_length: length of pre-training, in positions.
            factor: strength of the dynamic scaling, at least 1; with 1 it is `length` over `original_length`.
        """
        return cls(factor * max(length, original_length) / original_length - (factor - 1))

    def scaled(self, frequency: Tensor, base: float) -> Tensor:
        last = max(1, frequency.shape[0] - 1)  # E / 2 - 1; a single frequency is the fastest and stays.
        index = arange(frequency.shape[0], device=frequency.device, dtype=frequency.dtype)
        return frequency * self.factor ** (-index / last)
