"""metrics.csv: rows of the training log, cut back to a checkpoint when a run is resumed. Torch-free."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO


class MetricsLog:
    """Appends rows of named numbers to a CSV file.

    Args:
        path: the file.
        columns: names of the columns, fixed for the whole run.
        size: bytes of an earlier run of the same folder to keep; what comes after them is dropped. 0 starts anew.
    """

    def __init__(self, path: Path, columns: Sequence[str], size: int = 0) -> None:
        self.path = path
        self.columns = tuple(columns)
        self._file: TextIO | None = None
        if size:
            self._open(size)

    def append(self, row: Mapping[str, float | int]) -> None:
        """Add a row; columns that it does not name stay empty. The first one makes the file."""
        file = self._file or self._open(0)
        self._writer(file).writerow(row)
        file.flush()

    def size(self) -> int:
        """Bytes written so far, forced to disk: a checkpoint that stores the number may rely on them."""
        if self._file is None:
            return 0
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _open(self, size: int) -> TextIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self.path, "a+", newline="", encoding="utf-8")  # noqa: SIM115  (closed by `close`)
        self._file.truncate(size)
        self._file.seek(0, os.SEEK_END)
        if size == 0:
            self._writer(self._file).writeheader()
        return self._file

    def _writer(self, file: TextIO) -> csv.DictWriter[str]:
        return csv.DictWriter(file, self.columns, restval="", lineterminator="\n")
