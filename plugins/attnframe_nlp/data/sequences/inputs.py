"""What a user gives to predict for: texts, or sentences that are split into tokens already."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe_nlp.data.sequences.lines import content_of

SPLIT_ALREADY: Final = (".conll", ".bio", ".iob")
"""Endings of files with a token a line."""
LETTERS: Final = (".fasta", ".fa")
"""Endings of files of sequences of letters, each below a line that begins with > and a name."""


def read_texts(source: str) -> list[tuple[str, str]]:
    """Name and text of each input: the text itself; in a ``.csv`` file the column ``text``, else the first; in a
    ``.fasta`` file each sequence; in another file every line that is not empty; in a folder the whole of each ``.txt``
    file.

    Args:
        source: a text, a file or a folder.

    Raises:
        DataError: with every file that cannot be read, or when there is no text.
    """
    path = _path(source)
    faults: list[Fault] = []
    if path is None:
        texts = [(source, source)]
    elif path.is_dir():
        texts = [(str(each), content_of(each, faults)) for each in sorted(path.rglob("*.txt"))]
    else:
        content = content_of(path, faults)
        if path.suffix.lower() == ".csv":
            texts = _column(path, content)
        elif path.suffix.lower() in LETTERS:
            texts = _sequences(content)
        else:
            lines = enumerate(content.splitlines(), 1)
            texts = [(f"{path.name}:{number}", line) for number, line in lines if line.strip()]
    if not faults and not any(text.strip() for _, text in texts):
        faults.append(Fault("input", "must hold text", f"none in {source[:80]!r}"))
    if faults:
        raise DataError(faults)
    return texts


def read_tokens(source: str, split: Callable[[str], list[str]]) -> list[tuple[str, list[str]]]:
    """Name and tokens of each sentence: in a ``.conll``, ``.bio`` or ``.iob`` file the first column, an empty line
    behind each sentence; otherwise the texts of `read_texts`, split.

    Args:
        source: a text, a file or a folder. split: a text into tokens.

    Raises:
        DataError: as `read_texts`.
    """
    path = _path(source)
    if path is None or path.suffix.lower() not in SPLIT_ALREADY:
        return [(name, split(text)) for name, text in read_texts(source)]
    faults: list[Fault] = []
    sentences: list[list[str]] = [[]]
    for line in content_of(path, faults).splitlines():
        if line.strip():
            sentences[-1].append(line.split()[0])
        elif sentences[-1]:
            sentences.append([])
    found = [(f"{path.name}:{number}", tokens) for number, tokens in enumerate(sentences, 1) if tokens]
    if not faults and not found:
        faults.append(Fault("input", "must hold tokens", f"none in {path}"))
    if faults:
        raise DataError(faults)
    return found


def _path(source: str) -> Path | None:
    try:
        path = Path(source)
        return path if path.exists() else None
    except OSError:  # A long text is no name of a file.
        return None


def _column(path: Path, content: str) -> list[tuple[str, str]]:
    rows = list(csv.reader(io.StringIO(content, newline="")))
    named = bool(rows) and "text" in rows[0]
    column = rows[0].index("text") if named else 0
    body = enumerate(rows[1:] if named else rows, 1)
    return [(f"{path.name}:{number}", row[column]) for number, row in body if len(row) > column and row[column].strip()]


def _sequences(content: str) -> list[tuple[str, str]]:
    records = (record.partition("\n") for record in content.split(">")[1:])
    return [(header.strip(), "".join(body.split())) for header, _, body in records]
