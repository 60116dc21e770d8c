"""Settings of prediction on a user's own pictures. Torch-free."""

from __future__ import annotations

from typing import Literal

from attnframe.plugin.contract import PredictRecipe
from attnframe.recipe import frozen


@frozen
class PicturePredict(PredictRecipe):
    """How a user's own pictures are brought into the form of the data.

    Args:
        adapt: ``auto`` cuts a picture to what stands out from its plain background, and inverts it where its
            background is bright and the data's dark (or the other way round), when the data themselves are such
            pictures (digits, Fashion-MNIST); ``never`` only resizes.
    """

    adapt: Literal["auto", "never"] = "auto"
