"""Settings of prediction on a user's own recordings. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from attnframe.plugin.contract import PredictRecipe


@dataclass(frozen=True, kw_only=True)
class SpeechPredict(PredictRecipe):
    """How a user's own recordings are taken.

    Args:
        clipped: ``tell`` which recordings were too loud for their microphone, or ``refuse`` them.
    """

    clipped: Literal["tell", "refuse"] = "tell"
