"""`data=audio_manifest data.path=FILE_OR_DIR`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.speech import OwnSoundData
from attnframe_speech.recipes.transcripts import LETTERS, TranscriptData, transcript_facts

if TYPE_CHECKING:
    from attnframe_speech.data.transcripts import TranscriptModule


@frozen
class AudioManifest(OwnSoundData, TranscriptData):
    """A user's own recordings with transcripts: a file of JSON lines, ``{"audio": "a.wav", "text": "what is said"}``
    each, or a folder with ``train.jsonl``, ``val.jsonl`` and ``test.jsonl``. Paths count from the file's folder.

    Args:
        case: ``lower`` writes transcripts in lower case, ``keep`` leaves them. White space counts as one space in both.
    """

    name: ClassVar[str] = "audio_manifest"
    summary: ClassVar[str] = "your own recordings with transcripts, JSON lines of audio and text (data.path=FILE)"

    mels: int = 80
    case: Literal["lower", "keep"] = "lower"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a file of JSON lines, or a folder of them", "Give data.path=FILE.")

    def nominal_facts(self) -> Facts:
        return transcript_facts(LETTERS, self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> TranscriptModule:
        from attnframe_speech.data.audio_manifest import AudioManifestSource
        from attnframe_speech.data.transcripts import TranscriptModule
        from attnframe_speech.frontends.log_mel import LogMel

        if self.path is None:
            raise ConfigurationError(self.fault("path", "must be a file of JSON lines", "Give data.path=FILE."))
        frontend = LogMel(self.rate, self.mels)
        return TranscriptModule(
            self, AudioManifestSource(Path(self.path), frontend, self.case, self.clipped), cache_dir
        )
