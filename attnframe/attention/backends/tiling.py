"""Which queries and keys make up the tiles of a sparse mask, as index tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.masks import Extent, Mask, Placed
from attnframe.masks.algebra import And, Or
from attnframe.masks.base import Indices
from attnframe.masks.reach import Grid, Reach, Tiles


@dataclass(frozen=True)
class Group:
    """Tiles with the same numbers of queries and keys.

    Args:
        queries: (B or 1, N, t) position of each query; outside of the sequence where a tile has fewer.
        keys: (B or 1, N, H or 1, s) position of each key, each once; outside of the sequence where there is none.
        alike: whether the mask shows all queries of a tile the same keys.
    """

    queries: Tensor
    keys: Tensor
    alike: bool = False


@dataclass(frozen=True)
class Tiling:
    """The tiles of some heads, which hold every pair that the mask of a call allows exactly once.

    Args:
        heads: the query heads.
        groups: the tiles.
        slots: (B or 1, S) where each query stands, counted through the queries of all groups in order.
    """

    heads: tuple[int, ...]
    groups: tuple[Group, ...]
    slots: Tensor


def lay_out(mask: Mask, extent: Extent) -> list[Tiling]:
    """The tiles of a mask whose `reach` is known, over one stretch of `extent.keys` queries and keys; heads that reach
    the same keys are together.
    """
    heads: dict[Reach, list[int]] = {}
    for head in range(extent.heads):
        reach = mask.reach(head=head)
        assert reach is not None  # Tiles.why_not
        heads.setdefault(reach, []).append(head)
    return [_lay_out(mask, extent, reach, tuple(which)) for reach, which in heads.items()]


def _lay_out(mask: Mask, extent: Extent, reach: Reach, heads: tuple[int, ...]) -> Tiling:
    length, device = extent.keys, extent.device
    placed = next(_placed(mask), None)
    first = None if placed is None else placed.first  # (B, 1)
    count = length if placed is None or placed.count is None else placed.count
    cells = _Cells.over(reach.cut, length, first, device)
    tiles = Tiles(reach.cut, _places(cells.starts, first), count, heads)
    keys = _positions(reach.keys(tiles), first)
    run = mask.query_run(count if isinstance(count, int) else None)
    alike = run % reach.cut.size == 0 and reach.cut.stride == 1 and (first is None or reach.cut.aligned)
    groups = [Group(cells.queries, keys.expand(-1, tiles.start.shape[1], -1, -1), alike)]
    position = torch.arange(length, device=device).unsqueeze(0)
    slots = cells.slots(position)
    if reach.first_rows or reach.last_rows:
        place = _places(position, first)
        rows, inside = _rows(reach, place, count)
        groups.append(Group(_positions(rows, first).unsqueeze(1), position.view(1, 1, 1, -1)))
        slots = torch.where(inside >= 0, cells.total + inside, slots)
    return Tiling(heads, tuple(groups), slots)


def indices(group: Group, heads: tuple[int, ...], extent: Extent) -> tuple[Indices, Tensor]:
    """Index tensors of five axes (B, N, H, t, s) for masks, t = 1 for queries that see alike, and True where the key
    exists."""
    key = group.keys.unsqueeze(3)
    queries = group.queries[:, :, :1] if group.alike else group.queries
    query = queries[:, :, None, :, None].clamp(0, extent.queries - 1)
    inside = (key >= 0) & (key < extent.keys)
    key = key.clamp(0, extent.keys - 1)
    batch = torch.arange(extent.batch, device=extent.device).view(-1, 1, 1, 1, 1)
    head = torch.tensor(heads, device=extent.device).view(1, 1, -1, 1, 1)
    return Indices(batch, head, query, key, query, key), inside


def take(x: Tensor, index: Tensor) -> Tensor:
    """Rows of x (B, K, S, E) at index (B or 1, N, r), or (B or 1, N, H, r) by head, as (B * N, K or H, r, E)."""
    batch, heads, length, width = x.shape
    index = index.clamp(0, length - 1)
    row = torch.arange(batch, device=x.device).view(-1, *[1] * (index.dim() - 1)) * length
    if index.dim() == 3:  # Whole tokens, all heads at once.
        flat = (index + row).flatten()
        taken = x.transpose(1, 2).reshape(batch * length, heads, width).index_select(0, flat)
        return taken.view(-1, index.shape[2], heads, width).transpose(1, 2)
    head = torch.arange(index.shape[2], device=x.device).view(1, 1, -1, 1) * heads // index.shape[2]
    flat = ((index + row) * heads + head).flatten()
    taken = x.transpose(1, 2).reshape(batch * length * heads, width).index_select(0, flat)
    return taken.view(-1, index.shape[2], index.shape[3], width)


@dataclass(frozen=True)
class _Cells:
    """The tiles of one grid over positions.

    Args:
        grid: how they are cut.
        origin: (B or 1, 1) position at which the first tile of phase 0 begins, at most 0.
        chunks: tiles of one phase.
    """

    grid: Grid
    origin: Tensor
    chunks: int

    @classmethod
    def over(cls, grid: Grid, length: int, first: Tensor | None, device: torch.device) -> _Cells:
        """As many tiles as positions 0..length - 1 need, beginning at the first real token where that is asked."""
        span = grid.size * grid.stride
        chunks = -(-length // span)
        if first is None or not grid.aligned:
            return cls(grid, torch.zeros(1, 1, dtype=torch.int64, device=device), chunks)
        return cls(grid, first % span - span, chunks + 1)

    @property
    def total(self) -> int:
        """Queries of all tiles, existing or not."""
        return self.grid.stride * self.chunks * self.grid.size

    @property
    def starts(self) -> Tensor:
        """(B or 1, N) position of the first query of each tile, by phase and then in order."""
        phase = torch.arange(self.grid.stride, device=self.origin.device).unsqueeze(1)
        step = torch.arange(self.chunks, device=self.origin.device) * (self.grid.size * self.grid.stride)
        return self.origin + (phase + step).view(1, -1)

    @property
    def queries(self) -> Tensor:
        """(B or 1, N, t) position of each query."""
        return self.starts.unsqueeze(-1) + torch.arange(self.grid.size, device=self.origin.device) * self.grid.stride

    def slots(self, position: Tensor) -> Tensor:
        """Where the queries at `position` (1, S) stand, counted through all tiles: (B or 1, S)."""
        step, phase = (position - self.origin) // self.grid.stride, (position - self.origin) % self.grid.stride
        return phase * (self.chunks * self.grid.size) + step


def _rows(reach: Reach, place: Tensor, count: Tensor | int) -> tuple[Tensor, Tensor]:
    """Places (B or 1, r) of the queries that see every key, and which of them each query at `place` is, or -1."""
    first, last = reach.first_rows, reach.last_rows
    ends = count.new_zeros(1, 1) + count if isinstance(count, Tensor) else place.new_full((1, 1), count)
    rows = torch.arange(first, device=place.device).expand(ends.shape[0], -1)
    inside = torch.where((place >= 0) & (place < first), place, -1)
    if last:
        rows = torch.cat([rows, ends - last + torch.arange(last, device=place.device)], dim=1)
        at_end = (place >= ends - last) & (place < ends) & (place >= first)
        inside = torch.where(at_end, first + place - (ends - last), inside)
    return rows, inside


def _places(position: Tensor, first: Tensor | None) -> Tensor:
    return position if first is None else position - first


def _positions(place: Tensor, first: Tensor | None) -> Tensor:
    return place if first is None else place + first.view(-1, *[1] * (place.dim() - 1))


def _placed(mask: Mask) -> Iterator[Placed]:
    """The parts of a mask that count from the first real token; all of them count from the same one."""
    if isinstance(mask, Placed):
        yield mask
    elif isinstance(mask, And | Or):
        for member in mask.members:
            yield from _placed(member)
