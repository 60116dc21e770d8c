"""What sources that list files have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod

from attnframe.errors import DataError, Fault
from attnframe_speech.data.corpus import Corpus, Source
from attnframe_speech.data.reading import Clipped, File, read_files, stamp
from attnframe_speech.frontends.base import Frontend


class FilesSource(Source, ABC):
    """Base of sources whose recordings are a file each.

    Args:
        frontend: makes the frames.
        where: key that named the data, for faults.
        clipped: whether clipped recordings are told or refused.
    """

    def __init__(self, frontend: Frontend, where: str, clipped: Clipped = "tell") -> None:
        self.frontend, self.where, self.clipped = frontend, where, clipped

    @abstractmethod
    def files(self, faults: list[Fault]) -> list[File]:
        """All recordings; takes down what is wrong with the list."""

    def fingerprint(self) -> str:
        files = self.files([])
        stamps = (f"{stamp(file.path)} {file.part} {file.target}" for file in files)
        return "\n".join([str(self.frontend.facts), self.clipped, *stamps])

    def read(self) -> Corpus:
        faults: list[Fault] = []
        files = self.files(faults)
        heard = read_files([file for file in files if file.path.is_file()], self.frontend, self.where, self.clipped)
        faults += heard.faults
        if not files and not faults:
            faults.append(Fault(self.where, "must hold recordings", "none"))
        if faults:
            raise DataError(faults)
        targets, parts = [file.target for file in heard.kept], [file.part for file in heard.kept]
        return Corpus.of(heard.recordings, targets, parts, self.frontend.facts, heard.remarks)
