"""Windows of tracks, and the parts that they fall into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL, window_parts
from attnframe_control.trajectory_prediction.recipes import CutData
from attnframe_control.trajectory_prediction.tracks import Tracks

Windows = npt.NDArray[np.float64]
"""(N, T, 2) T places in a row of one person, x and y."""


@dataclass(frozen=True)
class Parts:
    """Windows of the three parts, and how they were cut."""

    train: Windows
    val: Windows
    test: Windows
    cut: str


def windows_of(tracks: Tracks, length: int) -> tuple[Windows, npt.NDArray[np.float64]]:
    """Every window of some frames in which a person was in each of them, and its first frame (N,).

    Args:
        tracks: of one place. length: frames T.
    """
    found: list[Windows] = [np.empty((0, length, 2))]
    firsts: list[npt.NDArray[np.float64]] = [np.empty(0)]
    for run in tracks.runs():
        places, frames = tracks.places[run], tracks.frames[run]
        if len(places) >= length:
            found.append(np.lib.stride_tricks.sliding_window_view(places, length, axis=0).transpose(0, 2, 1))
            firsts.append(frames[: len(frames) - length + 1])
    return np.concatenate(found), np.concatenate(firsts)


def join(every: Iterable[Tracks], length: int) -> Windows:
    """The windows of tracks of several places, one after the other."""
    return np.concatenate([windows_of(tracks, length)[0] for tracks in every])


def cut_in_time(tracks: Tracks, recipe: CutData) -> Parts:
    """The windows of one place in parts that share no frame.

    Raises:
        DataError: when a part would be empty.
    """
    length = recipe.observed + recipe.horizon
    windows, firsts = windows_of(tracks, length)
    parts = window_parts(firsts, firsts + (length - 1) * tracks.step, recipe.split)
    train, val, test = (windows[parts == part] for part in (TRAIN, VAL, TEST))
    if not (len(train) and len(val) and len(test)):
        where = "data.path" if recipe.path is None else f"data.path={recipe.path}"
        got = f"{len(windows)} windows, {len(train)} / {len(val)} / {len(test)} of them in train, val and test"
        works = "Give longer recordings, or a smaller data.observed or data.horizon."
        must = f"must have windows of {length} frames in a row of one person in each part, over time"
        raise DataError(Fault(where, must, got, works))
    return Parts(train, val, test, "in time; windows across a border are left out")
