"""A user's own events: one table, a label and then fields."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_recommendation.data.events import Events, Field, padded
from attnframe_recommendation.data.interactions import numbered
from attnframe_recommendation.data.tables import is_nothing, read_table, row_fault, write_table

SEPARATOR: Final = "|"
"""Between the values of one cell."""
HISTORY, TARGET = "history", "item"
"""The column that lists what a user took before, and the field whose values it lists."""
BINS: Final = 20
"""A column of numbers with more different ones than this is cut into so many bins of equal size."""
OWN: Final = ("label", "split")
PARTS: Final = {"train": TRAIN, "val": VAL, "test": TEST}
FORM: Final = "Give a CSV file: label (0 or 1), then one column a field."
UNSPLIT: Final = 255


def read_events_csv(
    path: Path, fractions: tuple[float, float, float], max_history: int, known: tuple[Field, ...] | None = None
) -> Events:
    """Events of a table ``label``, ``split`` (train, val, test; may be missing) and fields.

    A column of numbers is cut into bins; ``|`` parts the values of one cell; ``history`` lists what the user took
    before, values of ``item``. Cells may be empty.

    Args:
        path: of the table.
        fractions: train, val and test, for what is not split.
        max_history: most items of a history.
        known: the fields of a model, whose numbers are kept; None to find them.

    Raises:
        DataError: with every fault of the table.
    """
    faults: list[Fault] = []
    table = _table(path, "data.path", ("label",), faults)
    if table is None:
        raise DataError(faults)
    labels = pd.to_numeric(table["label"], errors="coerce").to_numpy(np.float32)
    faults += row_fault(path, ~np.isin(labels, (0, 1)), "must have a label of 0 or 1", list(table["label"]))
    parts = np.full(len(table), UNSPLIT, np.uint8)
    if "split" in table.columns:
        parts = table["split"].str.strip().map(PARTS).fillna(UNSPLIT).to_numpy(np.uint8)
        faults += row_fault(path, parts == UNSPLIT, "must have a split of train, val or test", list(table["split"]))
    else:
        parts[:] = TRAIN
    fields = known or _fields(table, faults, path)
    columns = _columns(table, fields, max_history, path, faults)
    if faults:
        raise DataError(faults)
    parts = complete_parts(parts, labels.astype(np.int64), fractions)
    return Events(fields, columns, labels, parts)


def read_unlabelled(path: Path, fields: Sequence[Field]) -> dict[str, npt.NDArray[np.int64]]:
    """The columns of a table as the fields of a model number them; labels are not looked at.

    Raises:
        DataError: with every fault of the table.
    """
    faults: list[Fault] = []
    table = _table(path, "input", (), faults)
    columns = {} if table is None else _columns(table, fields, None, path, faults)
    if faults:
        raise DataError(faults)
    return columns


def write_example(path: Path, fields: Sequence[Field]) -> Path:
    """Write a file of two events in the form that `read_unlabelled` reads; its path."""
    values = {field.name: field.values for field in fields}
    row = []
    for field in fields:
        known = values[field.of] if field.kind == "history" else field.values
        row.append("1" if field.kind == "number" else SEPARATOR.join(known[:1]))
    write_table(path, [field.name for field in fields], [row, row])
    return path


def _table(path: Path, where: str, columns: Sequence[str], faults: list[Fault]) -> pd.DataFrame | None:
    if not path.is_file():
        faults.append(Fault(where, "must be a CSV file of events", str(path), FORM))
        return None
    return read_table(path, columns, faults)


def _fields(table: pd.DataFrame, faults: list[Fault], path: Path) -> tuple[Field, ...]:
    """The fields that a table has, in the order of its columns."""
    names = [str(name) for name in table.columns if name not in OWN]
    if not names:
        faults.append(Fault(str(path), "must have fields beside label and split", "none", FORM))
    if HISTORY in names and TARGET not in names:
        must = f"must have the column {TARGET}, whose values {HISTORY} lists"
        faults.append(Fault(str(path), must, ", ".join(names), f"Add it, or give {HISTORY} another name."))
    return tuple(_field(name, table[name]) for name in names)


def _field(name: str, column: pd.Series[str]) -> Field:
    if name == HISTORY:
        return Field(name, "history", of=TARGET)
    told = column[~is_nothing(column)]
    if told.str.contains(SEPARATOR, regex=False).any():
        return Field(name, "many", tuple(numbered(value for cell in told for value in _values(cell))))
    numbers = pd.to_numeric(told, errors="coerce").to_numpy(np.float64)
    is_id = name in ("user", "item") or name.endswith("id")
    if not is_id and len(numbers) and np.isfinite(numbers).all() and len(np.unique(numbers)) > BINS:
        edges = np.unique(np.quantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
        return Field(name, "number", edges=tuple(edges.tolist()))
    return Field(name, "one", tuple(numbered(cell.strip() for cell in told)))


def _values(cell: str) -> list[str]:
    return [value.strip() for value in cell.split(SEPARATOR) if value.strip()]


def _columns(
    table: pd.DataFrame, fields: Sequence[Field], max_history: int | None, path: Path, faults: list[Fault]
) -> dict[str, npt.NDArray[np.int64]]:
    """The numbers of the values of each field; a value that no field holds counts as missing."""
    if missing := [field.name for field in fields if field.name not in table.columns]:
        got = ", ".join(map(str, table.columns[:8])) + (" …" if len(table.columns) > 8 else "")
        faults.append(Fault(str(path), f"must have the column {' and '.join(missing)}", got))
        return {}
    numbers = {field.name: numbered(field.values) for field in fields}
    columns = {}
    for field in fields:
        column = table[field.name]
        nothing = is_nothing(column)
        if field.kind == "number":
            found = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
            bad = ~np.isfinite(found) & ~nothing
            faults += row_fault(path, bad, f"must have a finite number or nothing for {field.name}", list(column))
            columns[field.name] = np.where(nothing, 0, np.searchsorted(np.array(field.edges), found, "right") + 1)
        elif field.kind == "one":
            columns[field.name] = column.str.strip().map(numbers[field.name]).fillna(0).to_numpy(np.int64, copy=True)
        else:
            known = numbers.get(field.of or field.name, {})
            rows = [[known.get(value, 0) for value in _values(cell)] for cell in column]
            columns[field.name] = padded(rows, max_history if field.kind == "history" else None)
    return columns
