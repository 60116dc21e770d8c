"""Tables of a user's own: read as text, checked row by row, every fault told."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.errors import Fault

SHOWN = 5
"""Bad rows that an error names."""
NOTHING = frozenset({"", "nan", "null", "none", "na"})
"""What stands for nothing, in any case of letters."""


def read_table(path: Path, columns: Sequence[str], faults: list[Fault]) -> pd.DataFrame | None:
    """A table of texts that has certain columns and rows, or None with what is wrong added to `faults`.

    Args:
        path: of a CSV file in UTF-8 whose first row names the columns.
        columns: that it must have.
        faults: to add to.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", skipinitialspace=True)
    except FileNotFoundError:
        faults.append(Fault(str(path), "must be there"))
        return None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        got = " ".join(str(error).split())
        faults.append(Fault(str(path), "must be a table in UTF-8, its columns named in the first row", got))
        return None
    table.columns = [str(name).strip() for name in table.columns]
    if missing := [name for name in columns if name not in table.columns]:
        got = ", ".join(table.columns[:8]) + (" …" if len(table.columns) > 8 else "")
        faults.append(Fault(str(path), f"must have the column {' and '.join(missing)}", got))
        return None
    if not len(table):
        faults.append(Fault(str(path), "must have rows", "none"))
        return None
    return table


def is_nothing(column: pd.Series[str]) -> npt.NDArray[np.bool_]:
    """(N,) where a cell is empty or says that it is."""
    found: npt.NDArray[np.bool_] = column.str.strip().str.lower().isin(NOTHING).to_numpy(np.bool_)
    return found


def row_fault(path: Path, bad: npt.NDArray[np.bool_], must: str, values: Sequence[str] | None = None) -> list[Fault]:
    """One fault for all bad rows of a table, none when there are none; rows count from 2, below the names."""
    found = np.flatnonzero(bad)
    if not len(found):
        return []
    shown = [f"row {row + 2}" + ("" if values is None else f" ({values[row]})") for row in found[:SHOWN].tolist()]
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [Fault(str(path), f"{must} in every row", ", ".join(shown) + more)]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
