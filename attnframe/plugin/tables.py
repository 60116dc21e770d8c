"""Reading a user's own tables and lines, every fault at once. Torch-free."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault

SHOWN = 5
"""Lines that an error names; the rest are counted."""


def read_header(path: Path | str, key: str = "data.path") -> list[str]:
    """Names of the columns of a CSV file, in the order of its first line.

    Args:
        path: the file, in UTF-8.
        key: what the user gave it as: ``data.path`` or ``input``.

    Raises:
        DataError: when the file cannot be read.
    """
    text = _text(Path(path), f"{key}={path}", "Expected: a CSV file whose first line names the columns.")
    return [name.strip() for name in next(csv.reader(text.splitlines(keepends=True)), [])]


def read_table(
    path: Path | str, columns: Sequence[str], least: int = 1, key: str = "data.path"
) -> list[tuple[str, ...]]:
    """The values of some columns of a CSV file, row by row; other columns and empty lines are passed over.

    Args:
        path: the file, in UTF-8; its first line names the columns.
        columns: what is read, in this order.
        least: rows that there must be.
        key: what the user gave the file as: ``data.path`` or ``input``.

    Raises:
        DataError: naming the file and what is wrong: it cannot be read, a column is missing, lines have an empty cell,
            or there are too few rows.
    """
    rows, _ = _read(path, columns, least, key)
    return rows


def read_numbers(
    path: Path | str, columns: Sequence[str], least: int = 1, key: str = "data.path"
) -> npt.NDArray[np.float64]:
    """The numbers (N, C) of C columns of a CSV file, as `read_table` reads them.

    Args:
        path: the file, in UTF-8; its first line names the columns.
        columns: what is read, in this order.
        least: rows N that there must be.
        key: what the user gave the file as: ``data.path`` or ``input``.

    Raises:
        DataError: as `read_table`, and naming the cells that are no finite numbers.
    """
    rows, lines = _read(path, columns, least, key)
    numbers = np.array([[_number(cell) for cell in row] for row in rows], dtype=np.float64)
    if not (wrong := np.argwhere(~np.isfinite(numbers)).tolist()):
        return numbers
    shown = [f"{columns[place]} {rows[row][place]!r} in line {lines[row]}" for row, place in wrong[:SHOWN]]
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    must = f"must have finite numbers in {' and '.join(columns)}"
    raise DataError(Fault(f"{key}={path}", must, ", ".join(shown) + more))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _read(path: Path | str, columns: Sequence[str], least: int, key: str) -> tuple[list[tuple[str, ...]], list[int]]:
    """Rows of a table, and the lines that they end in."""
    where, expected = f"{key}={path}", f"Expected: a CSV file whose first line is {','.join(columns)}."
    reader = csv.reader(_text(Path(path), where, expected).splitlines(keepends=True))
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in columns if name not in header]
    if missing:
        got = ", ".join(header[:8]) or "an empty file"
        raise DataError(Fault(where, f"must have the column {' and '.join(missing)}", got, expected))
    places = [header.index(name) for name in columns]
    rows, lines, wrong = [], [], []
    for cells in reader:
        row = tuple(cells[place].strip() if place < len(cells) else "" for place in places)
        if all(row):
            rows.append(row)
            lines.append(reader.line_num)
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
    return rows, lines


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
