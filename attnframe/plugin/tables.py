"""Reading a user's own tables and lines, every fault at once. Torch-free."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from attnframe.errors import DataError, Fault

SHOWN = 5
"""Lines that an error names; the rest are counted."""


def read_table(path: Path | str, columns: Sequence[str], least: int = 1) -> list[tuple[str, ...]]:
    """The values of some columns of a CSV file, row by row; other columns and empty lines are passed over.

    Args:
        path: the file, in UTF-8; its first line names the columns.
        columns: what is read, in this order.
        least: rows that there must be.

    Raises:
        DataError: naming the file and what is wrong: it cannot be read, a column is missing, lines have an empty cell,
            or there are too few rows.
    """
    where, expected = f"data.path={path}", f"Expected: a CSV file whose first line is {','.join(columns)}."
    reader = csv.reader(_text(Path(path), where, expected).splitlines(keepends=True))
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in columns if name not in header]
    if missing:
        got = ", ".join(header[:8]) or "an empty file"
        raise DataError(Fault(where, f"must have the column {' and '.join(missing)}", got, expected))
    places = [header.index(name) for name in columns]
    rows, wrong = [], []
    for cells in reader:
        row = tuple(cells[place].strip() if place < len(cells) else "" for place in places)
        if all(row):
            rows.append(row)
        elif cells:
            wrong.append(f"line {reader.line_num}")
    faults = []
    if wrong:
        more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        must = f"must have {' and '.join(columns)} in every row"
        faults.append(Fault(where, must, f"empty cells in {', '.join(wrong[:SHOWN])}{more}"))
    if len(rows) + len(wrong) < least:
        faults.append(Fault(where, f"must have at least {least} row{'s' * (least != 1)}", str(len(rows)), expected))
    if faults:
        raise DataError(faults)
    return rows


def read_lines(source: str) -> list[str]:
    """What a user gave to predict for: the lines of a file that are not empty, or the text itself.

    Args:
        source: a path or a text.

    Raises:
        DataError: when the file cannot be read, or there is no text.
    """
    try:
        is_file = Path(source).is_file()
    except (OSError, ValueError):  # a text can be too long for a path, or hold what no path may
        is_file = False
    text = _text(Path(source), f"input={source}", "Give a text, or a file of texts, one a line.") if is_file else source
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise DataError(Fault("input", "must hold text", repr(source)))
    return lines


def _text(path: Path, where: str, works: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(Fault(where, "must be a readable file", error.strerror or str(error), works)) from None
    except UnicodeDecodeError as error:
        raise DataError(Fault(where, "must be encoded in UTF-8", f"byte {error.start} is not", works)) from None
