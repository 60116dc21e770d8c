"""Settings of prediction on a user's own recordings. Torch-free."""

from __future__ import annotations

from typing import Literal

from attnframe.plugin.contract import PredictRecipe
from attnframe.recipe import frozen


@frozen
class SpeechPredict(PredictRecipe):
    """How a user's own recordings are taken.

    Args:
        clipped: ``tell`` which recordings were too loud for their microphone, or ``refuse`` them.
    """

    clipped: Literal["tell", "refuse"] = "tell"
