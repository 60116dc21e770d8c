"""Source of LibriSpeech in its official layout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_speech.data.files_source import FilesSource
from attnframe_speech.data.reading import File
from attnframe_speech.frontends.base import Frontend

PLACE: Final = "LibriSpeech"


class LibriSpeechSource(FilesSource):
    """Utterances ``PART/<speaker>/<chapter>/<speaker>-<chapter>-<number>.flac`` with ``<speaker>-<chapter>.trans.txt``
    beside them: a line of an utterance's name and its words.

    Args:
        data_dir: root of the datasets.
        frontend: makes the frames.
        parts: names of the parts for training, validation and test.
    """

    name = "librispeech"

    def __init__(self, data_dir: Path, frontend: Frontend, parts: tuple[str, str, str]) -> None:
        super().__init__(frontend, "data=librispeech")
        self.data_dir, self.parts = data_dir, parts

    def files(self, faults: list[Fault]) -> list[File]:
        found = []
        for name, part in zip(self.parts, (TRAIN, VAL, TEST), strict=True):
            fetch(self.data_dir, name)
            folder = self.data_dir / PLACE / name
            transcripts = sorted(folder.glob("*/*/*.trans.txt"))
            if not transcripts:
                faults.append(Fault(str(folder), "must hold */*/*.trans.txt", "none"))
            for path in transcripts:
                for line in path.read_text(encoding="utf-8").splitlines():
                    utterance, _, text = line.partition(" ")
                    found.append(File(path.parent / f"{utterance}.flac", text.strip().lower(), part))
        missing = [str(file.path) for file in found if not file.path.is_file()]
        if missing:
            got = f"{len(missing)} that are not, such as {missing[0]}"
            faults.append(Fault(self.where, "must hold the files that its transcripts name", got))
        return found


def fetch(data_dir: Path, part: str) -> None:
    """Fetch one part by torchaudio, which verifies the archive; nothing is done when it is there.

    Raises:
        DataError: when it cannot be fetched.
    """
    if (data_dir / PLACE / part).is_dir():
        return
    from torchaudio.datasets import LIBRISPEECH

    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        LIBRISPEECH(data_dir, url=part, download=True)
    except (OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        works = "Run attnframe download data=librispeech where there is a network and copy the folder."
        raise DataError(Fault(str(data_dir / PLACE / part), "must be there or be fetched", reason, works)) from error
