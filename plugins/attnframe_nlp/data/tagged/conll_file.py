"""A user's own tagged sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TRAIN
from attnframe_nlp.data.sequences.lines import content_of, line_fault, part_files
from attnframe_nlp.data.tagged.sentences import Sentences, SentenceSource, tag_faults

ENDINGS: Final = (".conll", ".bio", ".iob", ".txt")
EXAMPLE: Final = "lines like 'Paris B-city', an empty line behind each sentence, in FILE or DIR/train.conll"
COMMENT: Final = "-DOCSTART-"
"""Beginning of the lines that separate documents in the files of CoNLL-2003; they are passed over."""
Sentence = tuple[tuple[str, ...], tuple[str, ...]]


class ConllSource(SentenceSource):
    """A file in which each line is a token, whatever columns stand in between, and a tag; or a folder with such a file
    for each part.

    Args:
        path: the file or folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Sentences:
        faults: list[Fault] = []
        sentences: list[Sentence] = []
        parts: list[int] = []
        for path, part in part_files(self.path, ENDINGS, EXAMPLE):
            found = read_conll(path, faults)
            sentences += found
            parts += [TRAIN if part is None else part] * len(found)
        tokens, tags = zip(*sentences, strict=True) if sentences else ((), ())
        read = Sentences(tokens, tags, np.array(parts, np.uint8))
        if sentences:
            faults += tag_faults(read, str(self.path))
        if faults:
            raise DataError(faults)
        return read


def read_conll(path: Path, faults: list[Fault]) -> list[Sentence]:
    """Tokens and tags of the sentences of a file: the first and the last column.

    Args:
        path: the file. faults: where what is wrong is added.
    """
    before = len(faults)
    rows = [line.split() for line in content_of(path, faults).splitlines()]
    if len(faults) > before:
        return []
    numbered = [(number, row) for number, row in enumerate(rows, 1) if row and row[0] != COMMENT]
    if not numbered:
        faults.append(Fault(str(path), "must hold tagged tokens", "none", f"Expected: {EXAMPLE}."))
        return []
    columns = len(numbered[0][1])
    alone = [(number, " ".join(row)) for number, row in numbered if len(row) == 1]
    faults += line_fault(path, "must have a token and a tag in every line that is not empty", alone)
    ragged = [(number, " ".join(row)) for number, row in numbered if len(row) not in (1, columns)]
    faults += line_fault(path, f"must have {columns} columns in every line, as in its first", ragged)
    sentences: list[Sentence] = []
    tokens: list[str] = []
    tags: list[str] = []
    for row in [*rows, []]:
        if row and row[0] != COMMENT:
            tokens.append(row[0])
            tags.append(row[-1])
        elif tokens:
            sentences.append((tuple(tokens), tuple(tags)))
            tokens, tags = [], []
    return sentences
