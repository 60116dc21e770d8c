"""Who took which item, user by user in the order of time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T", np.int64, np.float64)

HELD_OUT = 2
"""Last items of a user that are not trained on: the one before the last validates, the last one tests."""
CALIBRATION_SHARE = 10
"""One user in so many keeps the last training item apart, to weigh the last item's transitions by."""


@dataclass(frozen=True)
class Attributes:
    """What is said of each item, as a set of tokens: a brand, a genre, a word of the title.

    Args:
        names: of the tokens, numbered from 1.
        of_item: numbers of each item's tokens; the items in the order of their numbers from 1.
    """

    names: tuple[str, ...] = ()
    of_item: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Interactions:
    """Histories of users.

    Args:
        users: (U) names. items: (V) names of the items, which are numbered from 1; 0 is padding.
        taken: (N,) numbers of the items, user by user, each in the order of time.
        counts: (U,) how many of them are each user's.
        times: (N,) seconds since 1970, or another unit; None where only the order is known.
        titles: (V) for people to read; empty where there are none.
        attributes: of the items.
    """

    users: tuple[str, ...]
    items: tuple[str, ...]
    taken: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    times: npt.NDArray[np.int64] | None = None
    titles: tuple[str, ...] = ()
    attributes: Attributes = Attributes()

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """(U,) where each user's items begin."""
        ends: npt.NDArray[np.int64] = np.cumsum(self.counts)
        return ends - self.counts

    @cached_property
    def trained(self) -> npt.NDArray[np.int64]:
        """(U,) how many first items of each user are trained on: all but the last two where there are three or more."""
        return trained_counts(self.counts)

    @property
    def digest(self) -> str:
        """sha256 of names, histories, times and attributes, hex."""
        found = hashlib.sha256()
        for texts in (self.users, self.items, self.titles, self.attributes.names):
            found.update("\n".join(texts).encode())
            found.update(b"\0")
        arrays = [self.taken, self.counts, *([] if self.times is None else [self.times])]
        for array in arrays:
            found.update(np.ascontiguousarray(array).tobytes())
        found.update(repr(self.attributes.of_item).encode())
        return found.hexdigest()


def trained_counts(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many first items of histories of `counts` items are trained on."""
    return np.where(counts > HELD_OUT, counts - HELD_OUT, counts)


def calibrates(trained: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """(U,) whether a user's last training item is kept apart to weigh transitions by: one in ten of those with three
    training items or more, spread evenly."""
    able = trained > HELD_OUT
    found: npt.NDArray[np.bool_] = able & (np.cumsum(able) % CALIBRATION_SHARE == 0)
    return found


def grouped(
    users: npt.NDArray[np.int64], items: npt.NDArray[np.int64], times: npt.NDArray[T] | None, number: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[T] | None]:
    """Events in any order as `taken`, `counts` and `times` of `Interactions`; events of one time keep their order.

    Args:
        users: (N,) from 0. items: (N,). times: (N,); None to keep each user's order.
        number: of users U.
    """
    order = np.argsort(users, kind="stable") if times is None else np.lexsort((np.arange(len(users)), times, users))
    counts = np.bincount(users, minlength=number).astype(np.int64)
    return items[order], counts, None if times is None else times[order]


def to_lines(numbers: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> list[str]:
    """Numbers as one text a user, separated by blanks: plain, and quick to save."""
    texts = numbers.astype(str).tolist()
    ends = np.cumsum(counts).tolist()
    return [" ".join(texts[end - count : end]) for end, count in zip(ends, counts.tolist(), strict=True)]


def from_lines(lines: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Numbers and counts of `to_lines`."""
    split = [line.split() for line in lines]
    counts = np.array([len(part) for part in split], np.int64)
    return np.array([number for part in split for number in part], dtype=np.int64), counts


def numbered(names: Iterable[str]) -> dict[str, int]:
    """Numbers from 1 in the order of first appearance."""
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}
