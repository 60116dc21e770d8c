"""`data=fsdd` and `data=fsdd_strings`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import Between, frozen
from attnframe_speech.recipes.keywords import DIGITS, KeywordData, keyword_facts
from attnframe_speech.recipes.speech import SoundData
from attnframe_speech.recipes.transcripts import TranscriptData, transcript_facts

if TYPE_CHECKING:
    from attnframe_speech.data.keywords import KeywordModule
    from attnframe_speech.data.transcripts import TranscriptModule


@frozen
class Fsdd(SoundData, KeywordData):
    """The Free Spoken Digit Dataset (Jackson et al. 2018, https://doi.org/10.5281/zenodo.1342401): 3,000 digits by 6
    speakers.

    Args:
        protocol: ``official`` tests repetitions 0 to 4 of speakers who are also heard in training; ``speaker`` tests
            the one speaker that `fold` numbers, alphabetically, and trains on the others.
        validation: with protocol ``speaker``, whether ``recordings`` of the training speakers or the next ``speaker``
            is the validation part.
        fold: with protocol ``speaker``, the speaker for test, 0 to 5.
    """

    name: ClassVar[str] = "fsdd"
    summary: ClassVar[str] = (
        "3,000 spoken digits by 6 speakers, 8 kHz, official or leave-one-speaker-out (CC BY-SA 4.0)"
    )
    folds: ClassVar[int] = 6

    rate: int = 8000
    shift: float = 0.1
    protocol: Literal["official", "speaker"] = "official"
    validation: Literal["recordings", "speaker"] = "recordings"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.protocol == "official":
            if self.fold is not None:
                yield self.fault("fold", "must be null with data.protocol=official", "Give data.protocol=speaker.")
            if self.validation == "speaker":
                works = "Give data.protocol=speaker and data.fold."
                yield self.fault("validation", "must be recordings with data.protocol=official", works)
        elif self.fold is None:
            yield self.fault("fold", "must be given with data.protocol=speaker", "Possible: 0 to 5.")

    def nominal_facts(self) -> Facts:
        return keyword_facts(DIGITS, self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> KeywordModule:
        from attnframe_speech.data.fsdd import FsddSource
        from attnframe_speech.data.keywords import KeywordModule
        from attnframe_speech.frontends.log_mel import LogMel

        frontend = LogMel(self.rate, self.mels)
        source = FsddSource(data_dir, frontend, self.fold, self.validation == "speaker")
        return KeywordModule(self, source, cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_speech.data.fsdd import TREE

        TREE.ready(data_dir)


@frozen
class FsddStrings(SoundData, TranscriptData):
    """Strings of one to five digits of the Free Spoken Digit Dataset, each of one speaker.

    Args:
        strings: strings to train on; a tenth as many for validation, and for test.
    """

    name: ClassVar[str] = "fsdd_strings"
    summary: ClassVar[str] = "strings of 1 to 5 spoken digits joined from fsdd, 8 kHz (CC BY-SA 4.0)"

    rate: int = 8000
    strings: Annotated[int, Between(10, 100_000)] = 2000

    def nominal_facts(self) -> Facts:
        return transcript_facts(" efghinorstuvwxz", self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> TranscriptModule:
        from attnframe_speech.data.fsdd import FsddStringsSource
        from attnframe_speech.data.transcripts import TranscriptModule
        from attnframe_speech.frontends.log_mel import LogMel

        source = FsddStringsSource(data_dir, LogMel(self.rate, self.mels), self.strings)
        return TranscriptModule(self, source, cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_speech.data.fsdd import TREE

        TREE.ready(data_dir)
