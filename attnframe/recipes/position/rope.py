"""Rotary positions."""

from __future__ import annotations

from typing import ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.position.rotary import RotaryScheme


@frozen
class RopeScheme(RotaryScheme):
    """Queries and keys are turned by angles proportional to the position (Su et al. 2021,
    https://arxiv.org/abs/2104.09864).

    Args:
        base: ratio that sets the longest wavelength, above 1.
    """

    name: ClassVar[str] = "rope"
    summary: ClassVar[str] = "queries and keys turned by angles proportional to the position (Su et al. 2021)"

    def scaling(self, max_length: int) -> None:
        return None
