"""Settings that all sets of recordings with a transcript each share. Torch-free."""

from __future__ import annotations

from abc import ABC
from typing import Any

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.speech import SpeechData, nominal


@frozen
class TranscriptData(SpeechData, ABC):
    """Recordings with a transcript each, which a model writes letter by letter.

    Args:
        masks: time masks and frequency masks of a recording.
        time_mask: widest time mask, as a share of the recording, in [0, 1].
    """

    time_mask: float = 0.05


LETTERS = " 'abcdefghijklmnopqrstuvwxyz"


def transcript_facts(letters: str, frontend: dict[str, Any]) -> Facts:
    """Facts of recordings with transcripts as they are known before they are read."""
    return nominal(frontend, letters=list(letters))
