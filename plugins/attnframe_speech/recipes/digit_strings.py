"""`data=digit_strings`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import Between, frozen
from attnframe_speech.recipes.speech import SoundData
from attnframe_speech.recipes.transcripts import TranscriptData, transcript_facts

if TYPE_CHECKING:
    from attnframe_speech.data.transcripts import TranscriptModule


@frozen
class DigitStrings(SoundData, TranscriptData):
    """Strings of one to five digits said by espeak-ng: 12 voices to train on, 2 others for validation and 4 others for
    test.

    Args:
        strings: strings that each voice says.
    """

    name: ClassVar[str] = "digit_strings"
    summary: ClassVar[str] = "strings of digits said by 18 voices of espeak-ng, other voices for test (no network)"

    strings: Annotated[int, Between(5, 1000)] = 30

    def nominal_facts(self) -> Facts:
        return transcript_facts(" efghinorstuvwxz", self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> TranscriptModule:
        from attnframe_speech.data.transcripts import TranscriptModule
        from attnframe_speech.data.voices import EspeakSource, digit_strings
        from attnframe_speech.frontends.log_mel import LogMel

        source = EspeakSource(self.name, LogMel(self.rate, self.mels), digit_strings(self.strings))
        return TranscriptModule(self, source, cache_dir)
