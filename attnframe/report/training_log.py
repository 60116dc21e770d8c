"""metrics.csv as columns of numbers."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TrainingLog:
    """The log of a run's training.

    Args:
        columns: numbers by name, as many each; nan where a row says nothing.
    """

    columns: dict[str, list[float]]

    @staticmethod
    def read(path: Path) -> TrainingLog:
        """The log of a file; an empty one when there is none. A line that was cut off is left out."""
        if not path.exists():
            return TrainingLog({})
        with path.open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if None not in row and None not in row.values()]
        names = [*rows[0]] if rows else []
        return TrainingLog({name: [_number(row[name]) for row in rows] for name in names})

    def series(self, name: str) -> tuple[list[float], list[float]]:
        """Steps and numbers of a column where it has some."""
        pairs = [
            (step, value)
            for step, value in zip(self.columns.get("step", []), self.columns.get(name, []), strict=False)
            if math.isfinite(step) and not math.isnan(value)
        ]
        return [step for step, _ in pairs], [value for _, value in pairs]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
