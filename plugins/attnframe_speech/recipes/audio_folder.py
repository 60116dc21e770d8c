"""`data=audio_folder data.path=DIR`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_speech.recipes.keywords import KeywordData, keyword_facts
from attnframe_speech.recipes.speech import OwnSoundData

if TYPE_CHECKING:
    from attnframe_speech.data.keywords import KeywordModule


@frozen
class AudioFolder(OwnSoundData, KeywordData):
    """A user's own recordings: class folders, or ``train/ val/ test/`` of them; any format that libsndfile reads."""

    name: ClassVar[str] = "audio_folder"
    summary: ClassVar[str] = "your own recordings in class folders, or in train/ val/ test/ of them (data.path=DIR)"

    shift: float = 0.1

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a folder of class folders", "Give data.path=DIR.")

    def nominal_facts(self) -> Facts:
        return keyword_facts(("a", "b"), self.frontend_facts)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> KeywordModule:
        from attnframe_speech.data.audio_folder import AudioFolderSource
        from attnframe_speech.data.keywords import KeywordModule
        from attnframe_speech.frontends.log_mel import LogMel

        if self.path is None:
            raise ConfigurationError(self.fault("path", "must be a folder of class folders", "Give data.path=DIR."))
        source = AudioFolderSource(Path(self.path), LogMel(self.rate, self.mels), self.clipped)
        return KeywordModule(self, source, cache_dir)
