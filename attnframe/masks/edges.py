"""The edges of a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.neighbours import Neighbours
from attnframe.masks.shapes import require


@dataclass(frozen=True, eq=False, repr=False)
class Edges(Mask):
    """A query node may attend the source nodes of its incoming edges, and no other; there are no implied self-loops.

    allowed(q, k) = (k, q) is a column of edge_index

    One edge set for all batch rows and heads; graphs are batched as one graph of several components, with B = 1. An
    edge that is given twice is refused, since a mask is a set: on an edge list it would count twice and in a dense
    matrix once. Making the mask reads and sorts the edges once (a synchronisation on an accelerator), so make it with
    the batch, share it among layers and steps, and do not make it inside a compiled model.

    Args:
        edge_index: (2, N) int64: row 0 the source (key), row 1 the target (query) of each edge.
        num_queries: query nodes T.
        num_keys: key nodes S; None for `num_queries`, as in self attention.

    Raises:
        ConfigurationError: when shape or type is wrong, an index is out of range or an edge is repeated.
    """

    edge_index: Tensor
    num_queries: int
    num_keys: int | None = None

    def __post_init__(self) -> None:
        require("Edges.edge_index", self.edge_index, axes="2N", integer=True)
        if self.edge_index.shape[0] != 2:
            must = "must have two rows, source (key) and target (query)"
            raise ConfigurationError(Fault("Edges.edge_index", must, str(tuple(self.edge_index.shape))))
        if not self.edge_index.is_meta and self.edge_index.shape[1]:
            self._check_values()

    @property
    def keys(self) -> int:
        """Key nodes S."""
        return self.num_queries if self.num_keys is None else self.num_keys

    @cached_property
    def sorted(self) -> Neighbours:
        """The edges sorted by target and then source; sorted once for each mask."""
        source, target = self.edge_index.long()
        return Neighbours.sort(target, source, self.num_queries, self.keys)

    def allows(self, at: Indices) -> Tensor:
        pair = at.query * self.keys + at.key_position
        if len(self.sorted) == 0:
            return torch.zeros_like(pair, dtype=torch.bool)
        joined = self.sorted.reader * self.keys + self.sorted.read
        place = torch.searchsorted(joined, pair).clamp(max=len(joined) - 1)
        return joined[place] == pair

    def faults(self, extent: Extent) -> Iterable[Fault]:
        for name, size, wanted in (
            ("num_queries", self.num_queries, extent.queries),
            ("num_keys", self.keys, extent.keys),
        ):
            if size != wanted:
                yield Fault(f"Edges.{name}", f"must be the number of {name[4:]} handed in, {wanted}", str(size))
        if self.edge_index.device.type != torch.device(extent.device).type:
            must = f"must be on {extent.device}, as the queries are"
            yield Fault("Edges.edge_index", must, str(self.edge_index.device), "Use mask.to(device).")

    def _check_values(self) -> None:
        limits = torch.tensor([[self.keys], [self.num_queries]], device=self.edge_index.device)
        outside = ((self.edge_index < 0) | (self.edge_index >= limits)).any(dim=0)
        if outside.any():
            first = int(outside.nonzero()[0])
            must = f"must hold sources in [0, {self.keys}) and targets in [0, {self.num_queries})"
            got = f"{int(outside.sum())} edges outside, first {self.edge_index[:, first].tolist()} in column {first}"
            raise ConfigurationError(Fault("Edges.edge_index", must, got))
        same = (self.sorted.reader.diff() == 0) & (self.sorted.read.diff() == 0)
        repeated = int(same.sum())
        if repeated:
            advice = "Use edge_index.unique(dim=1)."
            raise ConfigurationError(
                Fault("Edges.edge_index", "must hold each edge once", f"{repeated} repeated", advice)
            )
