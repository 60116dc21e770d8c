"""A user's own texts in a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe_nlp.data.labelled.texts import Texts, TextSource, class_faults
from attnframe_nlp.data.sequences.lines import PART_NAMES, content_of, line_fault, part_files

EXAMPLE: Final = "the columns text and label (and split, with train, val or test), in FILE.csv or DIR/train.csv"
Row = tuple[str, str, int]
"""Text, label and part."""


class TextCsvSource(TextSource):
    """A table with the columns ``text``, ``label`` and perhaps ``split``, or a folder with a table for each part.

    Args:
        path: the file or folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Texts:
        faults: list[Fault] = []
        rows: list[Row] = []
        for path, part in part_files(self.path, (".csv",), EXAMPLE):
            rows += read_table(path, part, faults)
        texts, labels, parts = zip(*rows, strict=True) if rows else ((), (), ())
        read = Texts(texts, labels, np.array(parts, np.uint8))
        if rows:
            faults += class_faults(read, str(self.path))
        if faults:
            raise DataError(faults)
        return read


def read_table(path: Path, part: int | None, faults: list[Fault]) -> list[Row]:
    """The rows of a table that have a text, a label and a part.

    Args:
        path: the file. part: that of all its rows; None takes the column ``split``, without which all are to train on.
        faults: where what is wrong is added.
    """
    before = len(faults)
    content = content_of(path, faults)
    if len(faults) > before:
        return []
    reader = csv.reader(io.StringIO(content, newline=""))
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in ("text", "label") if name not in header]
    if missing:
        got = ", ".join(header[:8]) or "an empty file"
        must = f"must name the column {' and '.join(missing)} in its first line"
        faults.append(Fault(str(path), must, got, f"Expected: {EXAMPLE}."))
        return []
    columns = {name: header.index(name) for name in ("text", "label", "split") if name in header}
    rows: list[Row] = []
    ragged, no_text, no_label, no_part = [], [], [], []
    for fields in reader:
        number = reader.line_num
        if not fields:
            continue
        if len(fields) != len(header):
            ragged.append((number, ",".join(fields)))
            continue
        given = {name: fields[column].strip() for name, column in columns.items()}
        if not given["text"]:
            no_text.append((number, ""))
        if not given["label"]:
            no_label.append((number, given["text"]))
        own = PART_NAMES.get(given.get("split", "train")) if part is None else part
        if own is None:
            no_part.append((number, given["split"]))
        if given["text"] and given["label"] and own is not None:
            rows.append((given["text"], given["label"], own))
    must = f"must have {len(header)} fields in every row, as in its first line"
    faults += line_fault(path, must, ragged, "Put quotes around a text that holds a comma.")
    faults += line_fault(path, "must have a text in every row", no_text)
    faults += line_fault(path, "must have a label in every row", no_label)
    faults += line_fault(path, "must have a split of train, val or test in every row", no_part)
    if not rows and len(faults) == before:
        faults.append(Fault(str(path), "must have rows", "none", f"Expected: {EXAMPLE}."))
    return rows
