"""A user's own table of series."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe_timeseries.data.table import Table
from attnframe_timeseries.data.times import read_times, step_faults

SHOWN = 5
"""Bad rows that an error names."""


def read_series_csv(path: Path, channels: Sequence[str] | None = None, where: str = "data.path") -> Table:
    """A table whose first column is time.

    Args:
        path: the file.
        channels: the columns to read; None for all after the first.
        where: key named when there is no such file.

    Raises:
        DataError: with everything that is wrong with the file.
    """
    table = _read(path, where)
    faults: list[Fault] = []
    wanted = list(table.columns[1:]) if channels is None else list(channels)
    missing = [name for name in wanted if name not in table.columns[1:]]
    if missing:
        got = ", ".join(table.columns[:8]) + (" …" if len(table.columns) > 8 else "")
        faults.append(Fault(str(path), f"must have the column {' and '.join(missing[:SHOWN])}", got))
    if not wanted:
        works = "Write one column of times, then a column of numbers for each channel."
        faults.append(Fault(str(path), "must have channels after its first column, which is time", "one column", works))
    if not len(table):
        faults.append(Fault(str(path), "must have rows", "none"))
        raise DataError(faults)
    texts = table.iloc[:, 0]
    times = read_times(texts)
    if times is None:
        bad = _unreadable(texts)
        faults += rows(path, bad, f"must have a time (a date or a number) in column {table.columns[0]}", list(texts))
    else:
        faults += [Fault(str(path), fault.must, fault.got, fault.works) for fault in step_faults(times, texts)]
    columns = []
    for name in (name for name in wanted if name in table.columns[1:]):
        numbers = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
        empty = (table[name].str.strip() == "").to_numpy()
        wrong = ~np.isfinite(numbers) & ~empty
        works = "Fill the gaps (for instance by interpolation), or leave the column out."
        faults += rows(path, empty, f"must have a value of channel {name}", None, works)
        faults += rows(path, wrong, f"must have a finite number of channel {name}", list(table[name]), works)
        columns.append(numbers)
    if faults or times is None:
        raise DataError(faults)
    return Table(times, tuple(wanted), np.stack(columns, 1))


def rows(
    path: Path, bad: npt.NDArray[np.bool_], must: str, values: Sequence[str] | None = None, works: str = ""
) -> list[Fault]:
    """One fault for all rows of a table that are bad; rows count from 2, below the names of the columns."""
    found = np.flatnonzero(bad)
    if not len(found):
        return []
    shown = [f"row {row + 2}" + ("" if values is None else f" ({values[row]})") for row in found[:SHOWN]]
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [Fault(str(path), f"{must} in every row", ", ".join(shown) + more, works)]


def _read(path: Path, where: str) -> pd.DataFrame:
    if not path.is_file():
        works = "Write a CSV file: a column of times, then a column of numbers for each channel."
        raise DataError(Fault(where, "must be a CSV file that exists: time, then channels", str(path), works))
    reading: dict[str, Any] = {"dtype": str, "keep_default_na": False, "encoding": "utf-8", "skipinitialspace": True}
    try:
        table: pd.DataFrame = pd.read_csv(path, index_col=False, **reading)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        must = "must be a table in UTF-8, its columns named in the first row"
        raise DataError(Fault(str(path), must, " ".join(str(error).split()))) from error
    return table


def _unreadable(texts: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """Times that cannot be read, in the form that more of them have: dates or numbers."""
    numbers = pd.to_numeric(texts, errors="coerce").isna().to_numpy()
    dates = pd.to_datetime(texts, errors="coerce", format="ISO8601").isna().to_numpy()
    bad: npt.NDArray[np.bool_] = numbers if numbers.sum() <= dates.sum() else dates
    return bad
