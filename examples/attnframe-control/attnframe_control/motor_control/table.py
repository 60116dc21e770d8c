"""A table of numbers, one column of which is told from the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault, did_you_mean
from attnframe.plugin.contract import Facts
from attnframe.plugin.tables import read_header, read_numbers

LEAST = 10
"""Rows of a table that is split into three parts."""


@dataclass(frozen=True)
class Table:
    """Rows of numbers.

    Args:
        features: names of the F columns that are read. target: name of the one that is told.
        inputs: (N, F). targets: (N,).
    """

    features: tuple[str, ...]
    target: str
    inputs: npt.NDArray[np.float64]
    targets: npt.NDArray[np.float64]

    @property
    def digest(self) -> str:
        """sha256 (hex) of names and numbers."""
        found = hashlib.sha256(repr((self.features, self.target)).encode())
        for part in (self.inputs, self.targets):
            found.update(np.ascontiguousarray(part).tobytes())
        return found.hexdigest()


def read_own(path: Path, target: str, features: Sequence[str] | None, facts: Facts | None) -> Table:
    """A user's own table.

    Args:
        path: the CSV file. target: the column to be told.
        features: the others that are read; None for all of them.
        facts: of the model that is evaluated on the table, which has columns of its own; None in training.

    Raises:
        DataError: with everything that is wrong with the file.
    """
    header = read_header(path)
    if facts is not None:
        target, features = facts["target"], facts["features"]
    if target not in header:
        works = did_you_mean(target, header) if header else "Its first line must name its columns."
        raise DataError(Fault("data.target", f"must be a column of {path}", target, works))
    chosen = [name for name in header if name != target] if features is None else list(features)
    if not chosen:
        raise DataError(Fault(f"data.path={path}", "must have columns besides the target", target))
    numbers = read_numbers(path, [*chosen, target], least=LEAST)
    return Table(tuple(chosen), target, numbers[:, :-1], numbers[:, -1])
