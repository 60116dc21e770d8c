"""Reach: which keys the queries of one tile may see at most, so that a sparse mask costs what it shows.

A tile is some queries that are computed together, each with the same few keys. Places, not positions, carry order here
(`attnframe.masks.places`); a key that does not exist has a place outside of the row.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

SMALLEST, LARGEST = 64, 512
"""Bounds of the queries of a tile where the mask leaves them open."""
NOWHERE = -(2**40)
"""A place that no token has."""


@dataclass(frozen=True)
class Grid:
    """How the queries of a row are cut into tiles.

    Tile (phase, n) holds the places phase + stride * (n * size + 0..size - 1), with phase from 0 to stride - 1.

    Args:
        size: queries of a tile.
        stride: distance of neighbouring queries of a tile.
        aligned: whether tiles must begin at the first real token of a row.
    """

    size: int
    stride: int = 1
    aligned: bool = False


@dataclass(frozen=True)
class Tiles:
    """The tiles of a call.

    Args:
        grid: how they are cut.
        start: (B or 1, N) place of the first query of each tile.
        count: (B or 1, 1) tokens of each row, or one number.
        heads: the query heads that these tiles are for.
    """

    grid: Grid
    start: Tensor
    count: Tensor | int
    heads: tuple[int, ...]

    @property
    def block(self) -> Tensor:
        """(B or 1, N, 1, 1) number of the tile in its row, where tiles are aligned blocks."""
        return self.start.div(self.grid.size, rounding_mode="floor")[..., None, None]

    def around(self, offsets: Iterable[int]) -> Tensor:
        """Places (B or 1, N, 1, s) at some distances from the first query of each tile."""
        return self.start[..., None, None] + torch.tensor([*offsets], device=self.start.device)

    def within(self, blocks: Tensor) -> Tensor:
        """Places (B or 1, N, H or 1, m * size) of all tokens of blocks (B or 1, N, H or 1, m)."""
        size = self.grid.size
        return (blocks.unsqueeze(-1) * size + torch.arange(size, device=blocks.device)).flatten(-2)


class Reach(ABC):
    """Which keys the queries of a tile may see at most."""

    @property
    def grid(self) -> Grid | None:
        """The tiles wanted; None when any will do."""
        return None

    @property
    def first_rows(self) -> int:
        """Queries at the beginning of a row that may see every key, whatever `keys` says of their tiles."""
        return 0

    @property
    def last_rows(self) -> int:
        """Queries at the end of a row that may."""
        return 0

    @property
    def cut(self) -> Grid:
        """The tiles to take."""
        return self.grid or Grid(LARGEST)

    @abstractmethod
    def width(self, grid: Grid) -> int | None:
        """Keys of one tile, existing or not; None when tiles are cut in a way that does not fit."""

    @abstractmethod
    def keys(self, tiles: Tiles) -> Tensor:
        """Places (B or 1, N, H or 1, width) of the keys of each tile, each place once."""

    def pairs(self, length: int) -> int:
        """Pairs of a query and a key that are computed for a row of `length` tokens."""
        rows = self.first_rows + self.last_rows
        return self._tiles(length) * self.cut.size * (self.width(self.cut) or 0) + rows * length

    def gathered(self, length: int) -> int:
        """Keys of all tiles of a row of `length` tokens."""
        rows = self.first_rows + self.last_rows
        return self._tiles(length) * (self.width(self.cut) or 0) + (length if rows else 0)

    def _tiles(self, length: int) -> int:
        return self.cut.stride * -(-length // (self.cut.size * self.cut.stride))


@dataclass(frozen=True)
class Span(Reach):
    """Keys at some distances from the query.

    Args:
        left: how many of them before the query. right: after it.
        stride: distance between them.
    """

    left: int
    right: int
    stride: int = 1

    @property
    def grid(self) -> Grid:
        # Half of what a query sees: larger tiles have more pairs, smaller ones more copies of keys.
        return Grid(max(SMALLEST, min(LARGEST, (self.left + self.right) // 2)), self.stride)

    def width(self, grid: Grid) -> int | None:
        return grid.size + self.left + self.right if grid.stride == self.stride else None

    def keys(self, tiles: Tiles) -> Tensor:
        return tiles.around(range(-self.left * self.stride, (tiles.grid.size + self.right) * self.stride, self.stride))


@dataclass(frozen=True)
class Ends(Reach):
    """The first and last keys of a row.

    Args:
        first: how many at the beginning. last: at the end.
        causal: whether keys after a query are hidden, so that the first queries see no more than the first keys.
    """

    first: int
    last: int
    causal: bool

    @property
    def first_rows(self) -> int:
        return 0 if self.causal else self.first

    @property
    def last_rows(self) -> int:
        return self.last

    def width(self, grid: Grid) -> int | None:
        return self.first + self.last

    def keys(self, tiles: Tiles) -> Tensor:
        device = tiles.start.device
        first = torch.arange(self.first, device=device).view(1, 1, 1, -1)
        if not self.last:
            return first
        count = tiles.count if isinstance(tiles.count, int) else tiles.count[:, :, None, None]
        last = torch.arange(-self.last, 0, device=device).view(1, 1, 1, -1) + count
        last = last.masked_fill(last < self.first, NOWHERE)  # In a short row some would be first and last.
        return torch.cat([first.expand(last.shape[0], -1, -1, -1), last], dim=-1)


@dataclass(frozen=True)
class BlockSpan(Reach):
    """The query's own block of tokens and those beside it.

    Args:
        block: tokens of a block. left: blocks before the query's own. right: after it.
    """

    block: int
    left: int
    right: int

    @property
    def grid(self) -> Grid:
        return Grid(self.block, aligned=True)

    def width(self, grid: Grid) -> int | None:
        return (self.left + 1 + self.right) * self.block if grid == self.grid else None

    def keys(self, tiles: Tiles) -> Tensor:
        return tiles.around(range(-self.left * self.block, (1 + self.right) * self.block))


@dataclass(frozen=True)
class Joined(Reach):
    """All keys of several reaches.

    Args:
        members: whose tiles can be cut in the same way.
        common: that way; None when any will do.
    """

    members: tuple[Reach, ...]
    common: Grid | None

    @property
    def grid(self) -> Grid | None:
        return self.common

    @property
    def first_rows(self) -> int:
        return max(member.first_rows for member in self.members)

    @property
    def last_rows(self) -> int:
        return max(member.last_rows for member in self.members)

    def width(self, grid: Grid) -> int | None:
        total = 0
        for member in self.members:
            width = member.width(grid)
            if width is None:
                return None
            total += width
        return total

    def keys(self, tiles: Tiles) -> Tensor:
        found = [member.keys(tiles) for member in self.members]
        sizes = [max(one.shape[axis] for one in found) for axis in range(3)]
        every = torch.cat([one.expand(*sizes, -1) for one in found], dim=-1).sort(dim=-1).values
        repeated = every[..., 1:] == every[..., :-1]
        return every.masked_fill(F.pad(repeated, (1, 0)), NOWHERE)


def joined(reaches: Iterable[Reach | None]) -> Reach | None:
    """The union of reaches; None when one of them is None or their tiles cannot be cut in the same way."""
    members = []
    for one in reaches:
        if one is None:
            return None
        members.append(one)
    common: Grid | None = None
    for grid in [member.grid for member in members]:
        if grid is not None and (common is None or (grid.aligned, grid.size) > (common.aligned, common.size)):
            common = grid
    union = Joined(tuple(members), common)
    return union if union.width(union.cut) is not None else None


def narrowest(reaches: Iterable[Reach | None]) -> Reach | None:
    """The reach with the fewest keys; None when there is none."""
    best, fewest = None, 0
    for one in reaches:
        width = 0 if one is None else one.width(one.cut) or 0
        if one is not None and (best is None or width < fewest):
            best, fewest = one, width
    return best
