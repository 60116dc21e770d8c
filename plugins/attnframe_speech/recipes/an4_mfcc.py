"""`data=an4_mfcc`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.transcripts import TranscriptData, transcript_facts

if TYPE_CHECKING:
    from attnframe_speech.data.transcripts import TranscriptModule


@frozen
class An4Mfcc(TranscriptData):
    """The census data of CMU (Acero 1990) as 13 cepstra a frame: spelled words, digits and commands, 948 utterances to
    train on and 130 of other speakers for test. A tenth of the training utterances is for validation."""

    name: ClassVar[str] = "an4_mfcc"
    summary: ClassVar[str] = (
        "1,078 spelled words, digits and commands as MFCC, other speakers for test (CMU AN4 licence)"
    )

    def nominal_facts(self) -> Facts:
        frontend = {"name": "cepstra", "mels": 40, "low": 130.0, "high": 6800.0}
        return transcript_facts(" abcdefghijklmnopqrstuvwxyz", frontend)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> TranscriptModule:
        from attnframe_speech.data.an4 import An4Source
        from attnframe_speech.data.transcripts import TranscriptModule

        return TranscriptModule(self, An4Source(data_dir), cache_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_speech.data.an4 import TREE

        TREE.ready(data_dir)
