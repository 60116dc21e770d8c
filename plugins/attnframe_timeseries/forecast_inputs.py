"""Reading the tables that a user wants forecasts for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe_timeseries.data.series_csv import read_series_csv
from attnframe_timeseries.data.table import Table


def read_lookbacks(source: str, channels: Sequence[str], lookback: int) -> list[tuple[str, Table]]:
    """Path and table of a CSV file, or of each below a folder, in the order of their names.

    Args:
        source: path of the file or folder.
        channels: the columns that are read.
        lookback: rows that a table must have.

    Raises:
        DataError: with everything that is wrong with each file.
    """
    root = Path(source)
    paths = sorted(root.rglob("*.csv")) if root.is_dir() else [root]
    if not paths:
        raise DataError(Fault("input", "must hold CSV files", f"none below {source}"))
    found: list[tuple[str, Table]] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            table = read_series_csv(path, channels, "input")
        except DataError as error:
            faults += error.faults
            continue
        if len(table.values) < lookback:
            must = f"must have at least {lookback} rows, the lookback that the model was trained with"
            faults.append(Fault(str(path), must, f"{len(table.values)} rows"))
        found.append((str(path), table))
    if faults:
        raise DataError(faults)
    return found


def write_example(path: Path, channels: Sequence[str], rows: int) -> Path:
    """Write a table of waves, a day a row, in the form that `read_series_csv` reads; its path."""
    phase = 2 * np.pi * np.arange(rows)[:, None] / 7
    values = np.sin(phase + np.arange(len(channels)))
    table = pd.DataFrame(values, columns=list(channels))
    table.insert(0, "time", pd.date_range("2024-01-01", periods=rows, freq="D").strftime("%Y-%m-%d"))
    table.to_csv(path, index=False)
    return path
