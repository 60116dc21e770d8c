"""metrics.csv: rows of the training log, cut back to a checkpoint when a run is resumed. Torch-free."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path


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
        self._begun = size > 0 and path.exists()
        if self._begun:
            os.truncate(path, size)

    def append(self, row: Mapping[str, float | int]) -> None:
        """Add a row; columns that it does not name stay empty. The first one makes the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a" if self._begun else "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.columns, restval="", lineterminator="\n")
            if not self._begun:
                writer.writeheader()
            writer.writerow(row)
        self._begun = True

    def size(self) -> int:
        """Bytes written so far, forced to disk: a checkpoint that stores the number may rely on them."""
        if not self._begun:
            return 0
        with self.path.open("ab") as file:
            os.fsync(file.fileno())
            return file.tell()
