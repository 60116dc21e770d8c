"""Rotary positions with NTK-aware scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.position.rotary import RotaryScheme

if TYPE_CHECKING:
    from attnframe.positions.scalings import RotaryScaling


@frozen
class RopeNtkScheme(RotaryScheme):
    """Rotary positions with a larger base, which keeps fast features as they were (bloc97 2023; section 3.1 of
    Peng et al. 2023, https://arxiv.org/abs/2309.00071).

    Args:
        base: ratio that sets the longest wavelength before scaling, above 1.
        factor: new length over the length of pre-training, at least 1.
    """

    name: ClassVar[str] = "rope_ntk"
    summary: ClassVar[str] = "rope with a larger base, fast features kept (bloc97 2023)"

    factor: Annotated[float, AtLeast(1)] = 4.0

    def scaling(self, max_length: int) -> RotaryScaling:
        from attnframe.positions.scalings import NtkScaling

        return NtkScaling(self.factor)
