"""Negatives that a file fixes for each user, as S3-Rec's ``*_sample.txt``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe_recommendation.data.interactions import Interactions

SHOWN = 5
"""Bad lines that an error names."""


def read_negatives(path: str, data: Interactions, users: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Negatives of each line ``user item item …``, parted by blanks.

    Args:
        path: of the file.
        data: whose names the file uses.
        users: (n,) who must be in it.

    Returns:
        (n, C) items; 0 where a line is shorter than the longest.

    Raises:
        DataError: with every line that names what is not known, and every user without a line.
    """
    where = f"data.negatives ({path})"
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        works = "Give data.negatives=FILE, a line for each user: user item item ..."
        raise DataError(Fault(where, "must be a readable text file", str(error), works)) from error
    numbers = {name: number for number, name in enumerate(data.items, start=1)}
    found: dict[str, list[int]] = {}
    faults: list[Fault] = []
    wrong = []
    for place, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        user, *items = line.split()
        found[user] = [numbers.get(item, 0) for item in items]
        wrong += [f"line {place} ({item})" for item in items if item not in numbers]
    names = [data.users[user] for user in users]
    missing = [name for name in names if not found.get(name)]
    for texts, must in (
        (wrong, "must name items of the data"),
        (missing, "must have negatives for every user with three events"),
    ):
        if texts:
            more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
            faults.append(Fault(where, must, ", ".join(texts[:SHOWN]) + more))
    if faults:
        raise DataError(faults)
    width = max(len(found[name]) for name in names)
    return np.array([found[name] + [0] * (width - len(found[name])) for name in names], np.int64)
