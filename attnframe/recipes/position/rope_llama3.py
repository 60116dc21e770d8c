"""Rotary positions with Llama 3's scaling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import Above, AtLeast, frozen
from attnframe.recipes.position.rotary import RotaryScheme, original

if TYPE_CHECKING:
    from attnframe.positions.scalings import RotaryScaling


@frozen
class RopeLlama3Scheme(RotaryScheme):
    """Rotary positions whose slow features are interpolated, by how often they turn (Grattafiori et al. 2024,
    https://arxiv.org/abs/2407.21783).

    Args:
        base: ratio that sets the longest wavelength, above 1; Llama 3 has 500000.
        factor: new length over the length of pre-training, at least 1.
        original_length: length of pre-training, in positions; null for the longest sequence of the task over `factor`.
        fast: turns within the original length from which on a feature is kept, above `slow`.
        slow: turns within the original length below which a feature is interpolated, above 0.
    """

    name: ClassVar[str] = "rope_llama3"
    summary: ClassVar[str] = "rope with slow features interpolated, as in Llama 3.1 (Grattafiori et al. 2024)"

    factor: Annotated[float, AtLeast(1)] = 4.0
    original_length: Annotated[int, AtLeast(1)] | None = None
    fast: Annotated[float, Above(0)] = 4.0
    slow: Annotated[float, Above(0)] = 1.0

    def faults(self) -> Iterable[Fault]:
        if self.slow >= self.fast:
            yield self.fault("slow", f"must be below position.fast={self.fast:g}")

    def scaling(self, max_length: int) -> RotaryScaling:
        from attnframe.positions.scalings import Llama3Scaling

        length = original(self.original_length, max_length, self.factor)
        return Llama3Scaling(self.factor, length, self.fast, self.slow)
