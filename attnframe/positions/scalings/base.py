"""The contract of a scaling of rotary positions."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault


class RotaryScaling(ABC):
    """Changes the frequencies of `Rotary`, so that a model reads longer texts than it was trained on.

    What a scaling does is fixed when it is made and does not depend on the length of a call. One that did would turn a
    query by other angles than the keys that a cache already holds.
    """

    @property
    def attention_factor(self) -> float:
        """Factor on rotated queries and keys, above 0; scores grow by its square."""
        return 1.0

    @abstractmethod
    def scaled(self, frequency: Tensor, base: float) -> Tensor:
        """The frequencies to turn by.

        Args:
            frequency: (E / 2,) those without scaling, base^(-2i / E), in radians a position.
            base: of the rotary position.

        Returns:
            (E / 2,).
        """


def check_factor(factor: float, scaling: str) -> None:
    """Refuse a factor that would shrink the reach.

    Raises:
        ConfigurationError: when `factor` is below 1.
    """
    if factor < 1:
        raise ConfigurationError(Fault(f"factor ({scaling})", "must be at least 1", str(factor)))
