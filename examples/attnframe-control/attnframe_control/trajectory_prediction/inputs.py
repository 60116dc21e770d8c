"""Reading the tracks that a user wants to know more of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe_control.trajectory_prediction.tracks import COLUMNS, read_tracks


@dataclass(frozen=True)
class Walk:
    """Where a person was last.

    Args:
        places: (O, 2). last: the last frame. step: from one frame to the next.
    """

    places: npt.NDArray[np.float64]
    last: float
    step: float


def read_walks(source: str, observed: int) -> list[tuple[str, Walk]]:
    """Name and walk of each person of a file of tracks who was there in so many frames in a row.

    Args:
        source: path of a CSV or text file of tracks. observed: places O.

    Raises:
        DataError: with everything that is wrong with the file, or when nobody was there long enough.
    """
    tracks = read_tracks(Path(source), "input")
    last = {str(tracks.people[run.start]): run for run in tracks.runs()}  # the last stretch of each
    found = [
        (
            f"{source}, id {person}",
            Walk(tracks.places[run][-observed:], float(tracks.frames[run.stop - 1]), tracks.step),
        )
        for person, run in last.items()
        if run.stop - run.start >= observed
    ]
    if not found:
        longest = max(run.stop - run.start for run in last.values())
        must = f"must have a person who is there in {observed} frames in a row up to the last one"
        raise DataError(Fault(f"input={source}", must, f"at most {longest}"))
    return found


def write_example(path: Path, observed: int) -> Path:
    """Write tracks of one person who walks and one who stands; the path."""
    rows = [(frame, person, frame * 0.5 * (1 - person), person) for frame in range(observed) for person in (0, 1)]
    lines = [COLUMNS, *rows]
    path.write_text("".join(",".join(map(str, line)) + "\n" for line in lines), encoding="utf-8")
    return path
