"""Source of Speech Commands, version 0.02, in its official layout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_speech.data.files_source import FilesSource
from attnframe_speech.data.reading import File, files_below
from attnframe_speech.frontends.base import Frontend

PLACE: Final = "SpeechCommands/speech_commands_v0.02"
LISTS: Final = {"validation_list.txt": VAL, "testing_list.txt": TEST}
NOISE: Final = "_background_noise_"
"""The one folder that is no word."""


class SpeechCommandsSource(FilesSource):
    """One second of one word a file, in a folder a word; two lists name the files of validation and test.

    Args:
        data_dir: root of the datasets.
        frontend: makes the frames.
    """

    name = "speech_commands"

    def __init__(self, data_dir: Path, frontend: Frontend) -> None:
        super().__init__(frontend, "data=speech_commands")
        self.data_dir, self.folder = data_dir, data_dir / PLACE

    def files(self, faults: list[Fault]) -> list[File]:
        fetch(self.data_dir)
        listed: dict[str, int] = {}
        for name, part in LISTS.items():
            try:
                lines = (self.folder / name).read_text(encoding="utf-8").split()
            except OSError as error:
                faults.append(Fault(str(self.folder / name), "must be there", error.strerror or str(error)))
                continue
            listed |= dict.fromkeys(lines, part)
        found = []
        for path in files_below(self.folder, frozenset({".wav"}), self.where, faults):
            inside = path.relative_to(self.folder).as_posix()
            if inside.count("/") == 1 and not inside.startswith(NOISE):
                found.append(File(path, inside.partition("/")[0], listed.pop(inside, TRAIN)))
        if listed:
            got = f"{len(listed)} that are not, such as {min(listed)}"
            faults.append(Fault(str(self.folder), "must hold the files that its lists name", got))
        return found


def fetch(data_dir: Path) -> None:
    """Fetch the data by torchaudio, which verifies the archive; nothing is done when they are there.

    Raises:
        DataError: when they cannot be fetched.
    """
    if (data_dir / PLACE).is_dir():
        return
    from torchaudio.datasets import SPEECHCOMMANDS

    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        SPEECHCOMMANDS(data_dir, download=True)
    except (OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        works = "Run attnframe download data=speech_commands where there is a network and copy the folder."
        raise DataError(Fault(str(data_dir / PLACE), "must be there or be fetched", reason, works)) from error
