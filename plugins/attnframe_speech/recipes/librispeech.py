"""`data=librispeech`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.speech import SoundData
from attnframe_speech.recipes.transcripts import LETTERS, TranscriptData, transcript_facts

if TYPE_CHECKING:
    from attnframe_speech.data.transcripts import TranscriptModule


@frozen
class LibriSpeech(SoundData, TranscriptData):
    """Read English books (Panayotov et al. 2015, https://doi.org/10.1109/ICASSP.2015.7178964). Parts that are not under
    data_dir are fetched by torchaudio (6 GB for the default ones).

    Args:
        train: part to train on. val: part for validation. test: part for test.
    """

    name: ClassVar[str] = "librispeech"
    summary: ClassVar[str] = "read English books, 100 to 960 hours, 16 kHz (CC BY 4.0, 6 GB and more)"

    mels: int = 80
    train: Literal["train-clean-100", "train-clean-360", "train-other-500"] = "train-clean-100"
    val: Literal["dev-clean", "dev-other"] = "dev-clean"
    test: Literal["test-clean", "test-other"] = "test-clean"

    def nominal_facts(self) -> Facts:
        return transcript_facts(LETTERS, self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> TranscriptModule:
        from attnframe_speech.data.librispeech import LibriSpeechSource
        from attnframe_speech.data.transcripts import TranscriptModule
        from attnframe_speech.frontends.log_mel import LogMel

        parts = (self.train, self.val, self.test)
        return TranscriptModule(self, LibriSpeechSource(data_dir, LogMel(self.rate, self.mels), parts), cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_speech.data.librispeech import fetch

        for part in (self.train, self.val, self.test):
            fetch(data_dir, part)
