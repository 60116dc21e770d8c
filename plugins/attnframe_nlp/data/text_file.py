"""A user's own text."""

from __future__ import annotations

from pathlib import Path

from attnframe.errors import DataError, Fault
from attnframe_nlp.data.source import Corpus, Source, parted
from attnframe_nlp.data.text import TextOfFile


class TextFileSource(Source):
    """A text file, or the ``.txt`` files below a folder in the order of their paths.

    Args:
        path: the file or folder.
        split: fractions of train, val and test.
    """

    def __init__(self, path: Path, split: tuple[float, float, float]) -> None:
        self.path, self.split = path, split

    def read(self) -> Corpus:
        return parted(
            [TextOfFile(path) for path in text_files(self.path, "data.path")], self.split, f"data.path {self.path}"
        )


def text_files(path: Path, where: str) -> list[Path]:
    """The file itself, or every ``.txt`` file below a folder, sorted.

    Args:
        path: what the user gave.
        where: the key that it was given as.

    Raises:
        DataError: when there is none.
    """
    if path.is_dir():
        found = sorted(each for each in path.rglob("*.txt") if not each.is_dir())
        if not found:
            raise DataError(Fault(where, "must hold .txt files", f"the folder {path} without any"))
        return found
    if not path.exists():
        raise DataError(Fault(where, "must be a file or folder that exists", str(path)))
    return [path]
