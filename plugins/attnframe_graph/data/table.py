"""A user's tables: read as texts, with the faults of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from attnframe.errors import Fault

SHOWN = 5
"""Bad rows that an error names."""


def read_table(path: Path, columns: Sequence[str], faults: list[Fault], *, empty: bool = False) -> pd.DataFrame | None:
    """A CSV file as texts, with the columns that it must have; None with faults told.

    Args:
        path: the file. columns: that it must have.
        faults: are added to.
        empty: whether it may have no row.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        faults.append(Fault(str(path), "must be there"))
        return None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        faults.append(Fault(str(path), "must be a table in UTF-8, its columns named in the first row", str(error)))
        return None
    missing = [name for name in columns if name not in table.columns]
    if missing:
        got = ", ".join(table.columns[:8]) + (" …" if len(table.columns) > 8 else "")
        faults.append(Fault(str(path), f"must have the column {' and '.join(missing)}", got))
        return None
    if not len(table) and not empty:
        faults.append(Fault(str(path), "must have rows", "none"))
        return None
    return table


def bad_rows(
    file: Path, bad: pd.Series[bool], must: str, values: Sequence[str] | None = None, first: int = 2
) -> list[Fault]:
    """One fault for all rows of a table that are bad.

    Args:
        file: holds the table. bad: (rows,) which ones.
        must: what every row must have.
        values: what each row has; None when that shows nothing.
        first: number of the first row; 2 below the names of the columns.
    """
    found = np.flatnonzero(bad.to_numpy())
    if not len(found):
        return []
    shown = [f"row {row + first}" + ("" if values is None else f" ({values[row]})") for row in found[:SHOWN]]
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return [Fault(str(file), f"{must} in every row", ", ".join(shown) + more)]
