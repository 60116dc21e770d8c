"""Settings that all sets of recordings with one label each share. Torch-free."""

from __future__ import annotations

from abc import ABC

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.speech import SpeechData, nominal


@frozen
class KeywordData(SpeechData, ABC):
    """Recordings with one label each."""


DIGITS = ("eight", "five", "four", "nine", "one", "seven", "six", "three", "two", "zero")


def keyword_facts(classes: tuple[str, ...], frontend: dict[str, object]) -> Facts:
    """Facts of recordings with labels as they are known before they are read."""
    return nominal(frontend, classes=list(classes))
