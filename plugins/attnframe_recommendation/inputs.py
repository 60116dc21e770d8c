"""What a user gives to have items recommended: histories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault, did_you_mean
from attnframe.plugin.contract import Facts
from attnframe_recommendation.data.interactions import from_lines
from attnframe_recommendation.data.interactions_csv import read_events
from attnframe_recommendation.data.known import unknown_items
from attnframe_recommendation.data.tables import write_table

LISTED = 20
"""Known users that an error lists."""


@dataclass(frozen=True)
class History:
    """What one user took, in the order of time.

    Args:
        items: (n,) numbers from 1. times: (n,); None where the model reads none.
    """

    items: npt.NDArray[np.int64]
    times: npt.NDArray[np.int64] | None

    @property
    def seen(self) -> Tensor:
        """The items (1, n)."""
        return torch.from_numpy(self.items).unsqueeze(0)

    def batch(self, max_length: int) -> dict[str, Tensor]:
        """The last items as a batch of one."""
        batch = {"items": self.seen[:, -max_length:]}
        batch["lengths"] = torch.tensor([batch["items"].shape[1]])
        if self.times is not None:
            batch["times"] = torch.from_numpy(self.times[-max_length:]).unsqueeze(0)
        return batch


def read_histories(source: str, facts: Facts) -> Iterable[tuple[str, History]]:
    """Name and history of each user of a file, or of each known user that is named.

    Args:
        source: a CSV file with the columns user and item, and timestamp where the facts have times; or names of users
            of the training data, parted by commas.
        facts: of the model.

    Raises:
        DataError: with everything that is wrong.
    """
    path = Path(source)
    if path.suffix.lower() == ".csv" or path.exists():
        return _of_file(path, facts)
    return _of_users([name.strip() for name in source.split(",")], facts)


def write_example(path: Path, facts: Facts) -> Path:
    """Write a file of two histories in the form that `read_histories` reads; its path."""
    items = facts["items"][:3]
    rows = [(user, item, 86400 * day) for user in ("someone", "another") for day, item in enumerate(items)]
    write_table(path, ["user", "item", "timestamp"], rows)
    return path


def _of_file(path: Path, facts: Facts) -> Iterable[tuple[str, History]]:
    data = read_events(path, "input", timed=bool(facts["times"]))
    numbers = {name: number for number, name in enumerate(facts["items"], start=1)}
    if unknown := [name for name in data.items if name not in numbers]:
        raise DataError(unknown_items(unknown, str(path)))
    known = np.array([0, *(numbers[name] for name in data.items)], np.int64)[data.taken]
    return [*_split(list(data.users), known, data.times if facts["times"] else None, data.counts)]


def _of_users(names: list[str], facts: Facts) -> Iterable[tuple[str, History]]:
    places = {name: place for place, name in enumerate(facts["users"])}
    if unknown := [name for name in names if name not in places]:
        few = facts["users"][:LISTED]
        works = f"Give a CSV file with the columns user and item, or users by name. {did_you_mean(unknown[0], few)}"
        must = "must be a CSV file, or users of the training data parted by commas"
        raise DataError(Fault("input", must, ", ".join(unknown[:5]), works))
    taken, counts = from_lines([facts["histories"][places[name]] for name in names])
    times = from_lines([facts["times"][places[name]] for name in names])[0] if facts["times"] else None
    return [*_split(names, taken, times, counts)]


def _split(
    names: list[str],
    taken: npt.NDArray[np.int64],
    times: npt.NDArray[np.int64] | None,
    counts: npt.NDArray[np.int64],
) -> Iterable[tuple[str, History]]:
    ends = np.cumsum(counts)
    for name, end, count in zip(names, ends, counts, strict=True):
        part = slice(end - count, end)
        yield name, History(taken[part], None if times is None else times[part])
