"""Tracks of people, and the files that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.tables import SHOWN, read_lines, read_numbers, read_table

COLUMNS = ("frame", "id", "x", "y")


@dataclass(frozen=True)
class Tracks:
    """Where people were, sorted by person and frame.

    Args:
        frames: (N,) numbers of frames. people: (N,) names. places: (N, 2) x and y.
    """

    frames: npt.NDArray[np.float64]
    people: npt.NDArray[np.str_]
    places: npt.NDArray[np.float64]

    @property
    def step(self) -> float:
        """From one frame to the next: what most often lies between two frames of a person."""
        between = np.diff(self.frames)[self.people[1:] == self.people[:-1]]
        steps, counts = np.unique(between, return_counts=True)
        return float(steps[counts.argmax()]) if len(steps) else 1.0

    def runs(self) -> Iterator[slice]:
        """Where one person was in each frame of a stretch, as long as possible."""
        follows = (self.people[1:] == self.people[:-1]) & np.isclose(np.diff(self.frames), self.step)
        borders = [0, *(np.flatnonzero(~follows) + 1).tolist(), len(self.frames)]
        yield from (slice(first, end) for first, end in pairwise(borders))


def tracks_of(frames: npt.NDArray[np.float64], people: npt.NDArray[np.str_], places: npt.NDArray[np.float64]) -> Tracks:
    """Tracks of rows in any order."""
    order = np.lexsort((frames, people))
    return Tracks(frames[order], people[order], places[order])


def read_tracks(path: Path, key: str) -> Tracks:
    """The tracks of a CSV file with the columns frame, id, x and y, or of a text file with four numbers a line.

    Args:
        path: the file. key: what the user gave it as: ``data.path`` or ``input``.

    Raises:
        DataError: with everything that is wrong with the file.
    """
    if path.suffix == ".txt":
        rows = _read_text(path, key)
        numbers, people = rows[:, [0, 2, 3]], np.array([f"{number:g}" for number in rows[:, 1]])
    else:
        numbers = read_numbers(path, ("frame", "x", "y"), key=key)
        people = np.array([name for (name,) in read_table(path, ("id",), key=key)])
    found = tracks_of(numbers[:, 0], people, numbers[:, 1:])
    twice = (found.people[1:] == found.people[:-1]) & (np.diff(found.frames) == 0)
    if places := np.flatnonzero(twice).tolist():
        shown = [f"id {found.people[place]} in frame {found.frames[place]:g}" for place in places[:SHOWN]]
        more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
        raise DataError(Fault(f"{key}={path}", "must have a person once in a frame", ", ".join(shown) + more))
    return found


def _read_text(path: Path, key: str) -> npt.NDArray[np.float64]:
    where = f"{key}={path}"
    if not path.is_file():
        raise DataError(Fault(where, "must be a readable file", "", "Expected: frame, id, x, y in each line."))
    rows, wrong = [], []
    for number, line in enumerate(read_lines(str(path)), start=1):
        try:
            row = [float(word) for word in line.replace(",", " ").split()]
        except ValueError:
            row = []
        if len(row) == len(COLUMNS) and np.isfinite(row).all():
            rows.append(row)
        else:
            wrong.append(f"line {number} ({line[:40]})")
    if wrong:
        more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise DataError(
            Fault(where, "must have four numbers in each line: frame, id, x, y", ", ".join(wrong[:SHOWN]) + more)
        )
    return np.array(rows)
