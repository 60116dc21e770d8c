"""Reading the series that a user wants labels for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe_timeseries.data.series_module import form_faults
from attnframe_timeseries.data.ts_format import read_ts


def read_series(source: str, facts: Facts) -> list[tuple[str, npt.NDArray[np.float32]]]:
    """Name (``FILE case N``, counted from 1) and series (T, C) of each case of a ``.ts`` file.

    Args:
        source: path of the file. facts: of the model.

    Raises:
        DataError: with everything that is wrong with the file for the model.
    """
    path = Path(source)
    if not path.is_file():
        raise DataError(Fault("input", "must be a .ts file that exists", source))
    faults: list[Fault] = []
    series = tuple(read_ts(path, faults, labelled=False).series)
    faults += form_faults(series, facts, str(path))
    if faults:
        raise DataError(faults)
    return [(f"{source} case {number}", one) for number, one in enumerate(series, start=1)]


def named_series(names: Iterable[str]) -> dict[str, npt.NDArray[np.float32]]:
    """The series that `read_series` gave these names, read again from their files."""
    wanted = list(names)
    found = {}
    for source in dict.fromkeys(name.rpartition(" case ")[0] for name in wanted):
        for number, one in enumerate(read_ts(Path(source), [], labelled=False).series, start=1):
            found[f"{source} case {number}"] = one
    return {name: found[name] for name in wanted}


def write_example(path: Path, channels: int, length: int) -> Path:
    """Write two waves of unequal lengths in the form that `read_series` reads; the path."""
    lines = ["@problemName waves", "@timeStamps false", f"@dimensions {channels}", "@classLabel false", "@data"]
    for steps in (length, max(length // 2, 1)):
        wave = np.sin(np.arange(steps) / 3)
        lines.append(":".join([",".join(f"{value:.4f}" for value in wave)] * channels))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
