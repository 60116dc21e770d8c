"""Rotary positions with linear scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.position.rotary import RotaryScheme

if TYPE_CHECKING:
    from attnframe.positions.scalings import RotaryScaling


@frozen
class RopeLinearScheme(RotaryScheme):
    """Rotary positions squeezed into the range of pre-training (Chen et al. 2023,
    https://arxiv.org/abs/2306.15595).

    Args:
        base: ratio that sets the longest wavelength, above 1.
        factor: new length over the length of pre-training, at least 1.
    """

    name: ClassVar[str] = "rope_linear"
    summary: ClassVar[str] = "rope with positions squeezed into the range of pre-training (Chen et al. 2023)"

    factor: Annotated[float, AtLeast(1)] = 4.0

    def scaling(self, max_length: int) -> RotaryScaling:
        from attnframe.positions.scalings import LinearScaling

        return LinearScaling(self.factor)
