"""The registry of recorded baselines: what each is, and what it came to when it was recorded. Torch-free.

A record is a small JSON file that ``attnframe baselines record ROW`` writes; it holds what the runs' own files say.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from attnframe.baselines.definition import Definition, definition, definition_file, definitions
from attnframe.errors import ConfigurationError, Fault

LEAST, SINGLE = 0.01, 0.05
"""Tolerance as a share of the recorded number: at least, and where a single run was recorded."""
DEVIATIONS = 3.0
"""Tolerance in deviations of a new run from the mean of the recorded ones."""


@dataclass(frozen=True)
class Baseline:
    """One row of the registry.

    Args:
        name: of the row. definition: what it is.
        record: what was recorded; None when nothing was.
        control: what was recorded of the same without attention; None when nothing was.
    """

    name: str
    definition: Definition
    record: Mapping[str, Any] | None
    control: Mapping[str, Any] | None = None

    @property
    def data_hash(self) -> str | None:
        """The data that the record is of, sha256; None without a record."""
        return None if self.record is None else str(self.record["runs"][0]["data_hash"])

    @property
    def seconds(self) -> float | None:
        """Mean time of fit and test of a recorded run."""
        if self.record is None:
            return None
        return float(sum(one["seconds"] for one in self.record["runs"]) / len(self.record["runs"]))

    def told(self, what: Literal["commit", "date", "hardware"]) -> str:
        """What the recorded runs were made with; runs that were added later may differ."""
        return ", ".join(dict.fromkeys(str(one[what]) for one in (self.record or {"runs": ()})["runs"]))

    @property
    def floor(self) -> tuple[float, str] | None:
        """Number and name of the simple method; None where there is none."""
        simple = (self.record["runs"][0]["floor"] if self.record else None) or {}
        return (simple[self.definition.metric], simple["name"]) if self.definition.metric in simple else None

    @property
    def expected(self) -> float:
        """What a rerun is held against: the mean over seeds, or the first of the folds."""
        assert self.record is not None
        first: float = self.record["runs"][0]["metrics"][self.definition.metric]
        return first if "data.fold" in self.definition.repeats else float(self.record["mean"])

    @property
    def tolerance(self) -> float:
        """How far a rerun with another seed may lie from the expected number.

        As defined; else three deviations of a new run from the mean of n recorded ones, 3 s sqrt(1 + 1/n), and at
        least 1 % of the number; 5 % of it where a single run was recorded.
        """
        assert self.record is not None
        if self.definition.tolerance is not None:
            return self.definition.tolerance
        deviation, number = self.record["deviation"], len(self.record["runs"])
        if deviation is None:
            return SINGLE * abs(self.expected)
        return max(DEVIATIONS * float(deviation) * math.sqrt(1 + 1 / number), LEAST * abs(self.expected))


def baselines() -> dict[str, Baseline]:
    """Every row of the registry by name."""
    return {name: _baseline(name, one) for name, one in definitions().items()}


def baseline(name: str) -> Baseline:
    """One row of the registry.

    Raises:
        ConfigurationError: when there is none of that name.
    """
    return _baseline(name, definition(name))


def record_file(name: str, control: bool = False) -> Path:
    """The record of a row, or that of its control: in the folder ``records`` beside its definition."""
    return definition_file(name).parent / "records" / f"{name}{'-control' if control else ''}.json"


def _baseline(name: str, one: Definition) -> Baseline:
    return Baseline(name, one, _read(record_file(name)), _read(record_file(name, control=True)))


def _read(file: Path) -> Mapping[str, Any] | None:
    if not file.exists():
        return None
    try:
        content: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigurationError(Fault(str(file), "must be a record in JSON", str(error))) from None
    return content
