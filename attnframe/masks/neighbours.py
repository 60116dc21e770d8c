"""The edges of a graph in the order in which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Edges sorted by the node that reads them, and by the node that is read within it (compressed sparse rows).

    Reader i has the edges pointers[i] .. pointers[i + 1] - 1, none when the two are equal.

    Args:
        pointers: (T + 1,) int64, from 0 to N.
        reader: (N,) int64, ascending, in [0, T).
        read: (N,) int64 in [0, S).
        order: (N,) int64: which of the edges that were sorted each one is.
        size: S nodes that can be read.
    """

    pointers: Tensor
    reader: Tensor
    read: Tensor
    order: Tensor
    size: int

    @classmethod
    def sort(cls, reader: Tensor, read: Tensor, readers: int, size: int) -> Neighbours:
        """Sort the edges (N,) of `readers` nodes T that read `size` nodes S."""
        order = torch.argsort(reader * size + read, stable=True)
        reader, read = reader.index_select(0, order), read.index_select(0, order)
        pointers = torch.searchsorted(reader, torch.arange(readers + 1, device=reader.device))
        return cls(pointers, reader, read, order, size)

    @property
    def readers(self) -> int:
        """Nodes T that read."""
        return len(self.pointers) - 1

    def __len__(self) -> int:
        return len(self.reader)

    @cached_property
    def turned(self) -> Neighbours:
        """The same edges sorted by the node that is read; their `order` refers to the edges as they are here."""
        return Neighbours.sort(self.read, self.reader, self.size, self.readers)

    def only(self, kept: Tensor) -> Neighbours:
        """The edges where `kept` (N,) is True."""
        pointers = F.pad(kept.cumsum(0), (1, 0)).index_select(0, self.pointers)
        return Neighbours(pointers, self.reader[kept], self.read[kept], self.order[kept], self.size)
