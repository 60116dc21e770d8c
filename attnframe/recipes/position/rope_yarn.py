"""Rotary positions with YaRN scaling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import Above, AtLeast, frozen
from attnframe.recipes.position.rotary import RotaryScheme, original

if TYPE_CHECKING:
    from attnframe.positions.scalings import RotaryScaling


@frozen
class RopeYarnScheme(RotaryScheme):
    """Rotary positions whose slow features are interpolated, and sharper attention (YaRN, Peng et al. 2023,
    https://arxiv.org/abs/2309.00071).

    Args:
        base: ratio that sets the longest wavelength, above 1.
        factor: new length over the length of pre-training, at least 1.
        original_length: length of pre-training, in positions; null for the longest sequence of the task over `factor`.
        attention_factor: factor on rotated queries and keys, above 0; null for the paper's 0.1 ln(factor) + 1.
        fast: turns within the original length from which on a feature is kept, above `slow`.
        slow: turns within the original length below which a feature is interpolated, above 0.
    """

    name: ClassVar[str] = "rope_yarn"
    summary: ClassVar[str] = "rope with slow features interpolated and sharper attention (YaRN, Peng et al. 2023)"

    factor: Annotated[float, AtLeast(1)] = 4.0
    original_length: Annotated[int, AtLeast(1)] | None = None
    attention_factor: Annotated[float, Above(0)] | None = None
    fast: Annotated[float, Above(0)] = 32.0
    slow: Annotated[float, Above(0)] = 1.0

    def faults(self) -> Iterable[Fault]:
        if self.slow >= self.fast:
            yield self.fault("slow", f"must be below position.fast={self.fast:g}")

    def scaling(self, max_length: int) -> RotaryScaling:
        from attnframe.positions.scalings import YarnScaling

        length = original(self.original_length, max_length, self.factor)
        return YarnScaling(self.factor, length, self.attention_factor, self.fast, self.slow)
