"""`data=spoken_digits`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.keywords import DIGITS, KeywordData, keyword_facts
from attnframe_speech.recipes.speech import SoundData

if TYPE_CHECKING:
    from attnframe_speech.data.keywords import KeywordModule


@frozen
class SpokenDigits(SoundData, KeywordData):
    """720 digits said by espeak-ng: 12 voices to train on, 2 others for validation and 4 others for test, each at four
    speeds and pitches."""

    name: ClassVar[str] = "spoken_digits"
    summary: ClassVar[str] = "720 digits said by 18 voices of espeak-ng, other voices for test (made here; no network)"

    shift: float = 0.1

    def nominal_facts(self) -> Facts:
        return keyword_facts(DIGITS, self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> KeywordModule:
        from attnframe_speech.data.keywords import KeywordModule
        from attnframe_speech.data.voices import EspeakSource, single_digits
        from attnframe_speech.frontends.log_mel import LogMel

        source = EspeakSource(self.name, LogMel(self.rate, self.mels), single_digits())
        return KeywordModule(self, source, cache_dir)
