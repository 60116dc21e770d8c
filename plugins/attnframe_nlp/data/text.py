"""Texts that are read in pieces, any number of times, so that they need not fit into memory."""

from __future__ import annotations

import codecs
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attnframe.errors import DataError, Fault

PIECE: Final = 1 << 20
"""Bytes of a file, or characters of a text in memory, read at a time."""


class Text(ABC):
    """A text that can be read again and again."""

    @abstractmethod
    def pieces(self) -> Iterator[str]:
        """The text in order, in pieces of any length.

        Raises:
            DataError: naming the file that cannot be read or is not UTF-8.
        """


@dataclass(frozen=True)
class TextInMemory(Text):
    """A text at hand."""

    content: str

    def pieces(self) -> Iterator[str]:
        for start in range(0, len(self.content), PIECE):
            yield self.content[start : start + PIECE]


@dataclass(frozen=True)
class TextOfFile(Text):
    """A UTF-8 file as it stands, line ends included; a byte order mark is dropped."""

    path: Path

    def pieces(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        consumed = 0
        try:
            with open(self.path, "rb") as file:
                while block := file.read(PIECE):
                    # The decoder may still hold the first bytes of a character that the last block cut.
                    pending = len(decoder.getstate()[0])
                    piece = self._decode(decoder, block, consumed - pending)
                    yield piece.removeprefix("\ufeff") if consumed == 0 else piece
                    consumed += len(block)
                self._decode(decoder, b"", consumed - len(decoder.getstate()[0]))
        except OSError as error:
            raise DataError(Fault(str(self.path), "must be a readable file", error.strerror or str(error))) from error

    def _decode(self, decoder: codecs.IncrementalDecoder, block: bytes, start: int) -> str:
        try:
            return decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise DataError(
                Fault(
                    str(self.path),
                    "must be UTF-8 text",
                    f"byte 0x{error.object[error.start]:02x} at offset {start + error.start}",
                    f"Convert it, e.g. iconv -f LATIN1 -t UTF-8 '{self.path.name}'.",
                )
            ) from error


@dataclass(frozen=True)
class TextsInRow(Text):
    """Several texts one after the other, nothing between them."""

    texts: tuple[Text, ...]

    def pieces(self) -> Iterator[str]:
        for text in self.texts:
            yield from text.pieces()


@dataclass(frozen=True)
class Stretch(Text):
    """The characters `start` to `stop` (not included) of a text."""

    text: Text
    start: int
    stop: int

    def pieces(self) -> Iterator[str]:
        at = 0
        for piece in self.text.pieces():
            part = piece[max(0, self.start - at) : max(0, self.stop - at)]
            if part:
                yield part
            at += len(piece)
            if at >= self.stop:
                return


@dataclass(frozen=True)
class Measure:
    """Size and identity of a text: characters, and sha256 (hex) of its UTF-8 form."""

    characters: int
    sha256: str


def measure(text: Text) -> Measure:
    """Read a text once to its end."""
    digest, characters = hashlib.sha256(), 0
    for piece in text.pieces():
        digest.update(piece.encode("utf-8"))
        characters += len(piece)
    return Measure(characters, digest.hexdigest())


def measure_all(texts: Sequence[Text]) -> list[Measure]:
    """Read every text once to its end.

    Raises:
        DataError: with the faults of all of them.
    """
    measures: list[Measure] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            measures.append(measure(text))
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    return measures


def by_lines(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in pieces that end with a line where there is one, so that no word is cut."""
    rest = ""
    for piece in pieces:
        rest += piece
        cut = rest.rfind("\n") + 1
        if not cut and len(rest) >= PIECE:
            cut = len(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest
