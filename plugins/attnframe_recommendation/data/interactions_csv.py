"""A user's own interactions: one table of events, and one of items where they are described."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe_recommendation.data.attributes import described
from attnframe_recommendation.data.interactions import Attributes, Interactions, grouped, numbered
from attnframe_recommendation.data.tables import is_nothing, read_table, row_fault

EVENTS, ITEMS = "interactions.csv", "items.csv"
LATEST = 2.0**62
"""What a timestamp must stay below."""
FORM = "Give a file user,item,timestamp, or a folder with interactions.csv and items.csv (item,title,attributes)."


def read_interactions_csv(path: Path) -> Interactions:
    """Interactions of a file, or of a folder with ``interactions.csv`` and, if there, ``items.csv``.

    Raises:
        DataError: with everything that is wrong with both tables.
    """
    if not path.exists():
        raise DataError(Fault("data.path", "must be a file or folder of interactions", str(path), FORM))
    if not path.is_dir():
        return read_events(path, "data.path")
    faults: list[Fault] = []
    data: Interactions | None = None
    try:
        data = read_events(path / EVENTS, "data.path")
    except DataError as error:
        faults += error.faults
    table = read_table(path / ITEMS, ("item",), faults) if (path / ITEMS).exists() else None
    if table is not None:
        faults += row_fault(path / ITEMS, is_nothing(table["item"]), "must have an item")
        faults += row_fault(
            path / ITEMS, table["item"].duplicated().to_numpy(), "must have an item of its own", list(table["item"])
        )
    if faults or data is None:
        raise DataError(faults)
    return data if table is None else _with_items(data, table)


def read_events(path: Path, where: str, *, timed: bool = True) -> Interactions:
    """Interactions of a table ``user,item,timestamp`` whose rows may stand in any order; events of one time keep that
    of the file.

    Args:
        path: of the table. Timestamps are numbers, or dates in ISO 8601 and then seconds since 1970.
        where: key named when there is no such file.
        timed: whether timestamps must be there; where not, rows without them stand in order.

    Raises:
        DataError: with every fault of the table.
    """
    if not path.exists():
        raise DataError(Fault(where, "must be a file of interactions", f"no file {path}", FORM))
    faults: list[Fault] = []
    table = read_table(path, ("user", "item", "timestamp") if timed else ("user", "item"), faults)
    if table is None:
        raise DataError(faults)
    for column in ("user", "item"):
        faults += row_fault(path, is_nothing(table[column]), f"must have {'an' if column == 'item' else 'a'} {column}")
    times = None
    if "timestamp" in table.columns:
        times, bad = _times(table["timestamp"])
        faults += row_fault(path, bad, "must have a timestamp, a number or a date", list(table["timestamp"]))
    if faults:
        raise DataError(faults)
    users, items = numbered(table["user"]), numbered(table["item"])
    of_user = table["user"].map(users).to_numpy(np.int64) - 1
    taken, counts, times = grouped(of_user, table["item"].map(items).to_numpy(np.int64), times, len(users))
    whole = None if times is None else np.floor(times).astype(np.int64)
    return Interactions(tuple(users), tuple(items), taken, counts, whole)


def _times(column: pd.Series[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Timestamps, and which of them are none, or beyond all time."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, copy=True)
    bad = ~(np.abs(numbers) < LATEST)
    if bad.any():
        dates = pd.to_datetime(column[bad], errors="coerce", utc=True, format="ISO8601")
        known = dates.notna().to_numpy()
        seconds = (dates - pd.Timestamp(0, tz="UTC")).dt.total_seconds().to_numpy()
        numbers[bad] = np.where(known, seconds, 0)
        bad[bad] = ~known
    return numbers, bad


def _with_items(data: Interactions, table: pd.DataFrame) -> Interactions:
    """Interactions with the titles and attributes of a table; items that nobody took are left out."""
    rows = table.set_index("item").reindex(list(data.items)).fillna("")
    titles = tuple(rows["title"]) if "title" in rows.columns else ()
    fields = {str(name): list(rows[name]) for name in rows.columns if name != "title"}
    attributes: Attributes = described(titles, fields)
    shown = tuple(title or name for title, name in zip(titles, data.items, strict=True)) if titles else ()
    return Interactions(data.users, data.items, data.taken, data.counts, data.times, shown, attributes)
