"""Events that happened or not, each told by fields."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


@dataclass(frozen=True)
class Field:
    """One field of an event, as values that are numbered from 1; 0 is a value that is missing or was never seen.

    Args:
        name: of the column.
        kind: ``one`` value, or ``many`` (genres), or the ``history`` of what was taken before, whose values are those
            of `of`; or ``number``, which counts as the value of its bin.
        values: names by number.
        edges: of the bins of a ``number``, between its values.
        of: the field that a ``history`` lists the values of.
    """

    name: str
    kind: str
    values: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()
    of: str = ""

    def plain(self) -> dict[str, object]:
        """The field as plain values, for facts."""
        return {
            "name": self.name,
            "kind": self.kind,
            "values": list(self.values),
            "edges": list(self.edges),
            "of": self.of,
        }

    @staticmethod
    def of_plain(values: dict[str, Any]) -> Field:
        """The field of `plain`."""
        return Field(
            name=values["name"],
            kind=values["kind"],
            values=tuple(values["values"]),
            edges=tuple(values["edges"]),
            of=values["of"],
        )


@dataclass(frozen=True)
class Events:
    """Events of one data set.

    Args:
        fields: what is told of each.
        columns: by field, numbers of its values: (N,), or (N, S) padded with 0 for ``many`` and ``history``.
        labels: (N,) 1.0 where it happened, else 0.0.
        parts: (N,) which part each belongs to.
        chances: (N,) the true probabilities of data that was made; None for others.
    """

    fields: tuple[Field, ...]
    columns: dict[str, npt.NDArray[np.int64]]
    labels: npt.NDArray[np.float32]
    parts: npt.NDArray[np.uint8]
    chances: npt.NDArray[np.float64] | None = field(default=None)

    @property
    def digest(self) -> str:
        """sha256 of fields, values, labels and parts, hex."""
        found = hashlib.sha256(repr([one.plain() for one in self.fields]).encode())
        for array in (*self.columns.values(), self.labels, self.parts):
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()


class EventSplit:
    """The events of one part. A batch is ``labels`` (B,) float32 and the columns of the fields by name, (B,) or
    (B, S).

    Args:
        events: all. members: (n,) those of this part.
    """

    def __init__(self, events: Events, members: npt.NDArray[np.int64]) -> None:
        self.labels = torch.from_numpy(events.labels[members])
        self.columns = {name: torch.from_numpy(column[members]) for name, column in events.columns.items()}

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the events at `indices` (n,)."""
        return {"labels": self.labels[indices], **{name: column[indices] for name, column in self.columns.items()}}


def padded(rows: Sequence[Sequence[int]], longest: int | None = None) -> npt.NDArray[np.int64]:
    """Rows of unequal length as (N, S), padded with 0; the last `longest` of each where that is given. S is at least
    1."""
    kept = [row if longest is None else row[-longest:] for row in rows]
    found = np.zeros((len(kept), max([1, *(len(row) for row in kept)])), np.int64)
    for place, row in enumerate(kept):
        found[place, : len(row)] = row
    return found
