"""Settings of detection in a user's own pictures. Torch-free."""

from __future__ import annotations

from typing import Annotated

from attnframe.plugin.contract import PredictRecipe
from attnframe.recipe import Between, frozen


@frozen
class DetectionPredict(PredictRecipe):
    """Which boxes are given.

    Args:
        batch_size: pictures at a time.
        least_score: boxes with a lower score are left out; in [0, 1].
    """

    least_score: Annotated[float, Between(0, 1)] = 0.3
