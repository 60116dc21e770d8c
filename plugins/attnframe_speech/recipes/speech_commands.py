"""`data=speech_commands`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.keywords import KeywordData, keyword_facts
from attnframe_speech.recipes.speech import SoundData

if TYPE_CHECKING:
    from attnframe_speech.data.keywords import KeywordModule


@frozen
class SpeechCommands(SoundData, KeywordData):
    """105,829 recordings of 35 words, one second each (Warden 2018, https://arxiv.org/abs/1804.03209), version 0.02
    with its own lists of validation and test files. Where data_dir has none, torchaudio fetches them (2.3 GB)."""

    name: ClassVar[str] = "speech_commands"
    summary: ClassVar[str] = "105,829 recordings of 35 words, 16 kHz, official lists (CC BY 4.0, 2.3 GB)"

    shift: float = 0.1

    def nominal_facts(self) -> Facts:
        return keyword_facts(tuple(f"word {number}" for number in range(35)), self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> KeywordModule:
        from attnframe_speech.data.keywords import KeywordModule
        from attnframe_speech.data.speech_commands import SpeechCommandsSource
        from attnframe_speech.frontends.log_mel import LogMel

        return KeywordModule(self, SpeechCommandsSource(data_dir, LogMel(self.rate, self.mels)), cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_speech.data.speech_commands import fetch

        fetch(data_dir)
