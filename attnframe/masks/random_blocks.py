"""Random blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.counts import require_counts
from attnframe.masks.places import Placed
from attnframe.masks.reach import NOWHERE, Grid, Reach, Tiles
from attnframe.masks.shapes import look_up


@dataclass(frozen=True, eq=False, repr=False)
class RandomBlocks(Placed):
    """The queries of each block may attend the tokens of some blocks drawn at random, head by head (Zaheer et al. 2020,
    https://arxiv.org/abs/2007.14062).

    allowed(h, q, k) = block(k) in drawn(h, block(q)),  block(j) = floor(place(j) / block)

    Left out are the first `skip` and the last `skip_last` blocks and those beside the query's own, which other parts of
    a pattern show anyway. The others are cut into `number` equal parts and one block is drawn from each,
    so that all are different; where fewer are left, all of them are drawn. A draw depends on the seed, the head and the
    block alone, so the same pattern comes back for every batch, chunk and device, and for another row of the same
    length.

    Args:
        block: tokens of a block, at least 1.
        number: blocks drawn for each block of queries, at least 1.
        seed: of the draws.
        skip: blocks at the beginning that are not drawn, at least 0.
        beside: blocks on each side of the query's own that are not drawn, at least 0; its own is never drawn.
        skip_last: blocks at the end that are not drawn, at least 0; not when `causal`.
        causal: whether only blocks before the query's own are drawn, so that a draw does not depend on the length.

    Raises:
        ConfigurationError: when a count is too small or no integer; from `allows`, when the mask is not causal and the
            number of tokens is not known.
    """

    block: int
    number: int
    seed: int = 0
    skip: int = 0
    beside: int = 0
    skip_last: int = 0
    causal: bool = False

    def __post_init__(self) -> None:
        require_counts("RandomBlocks", "tokens", {"block": self.block}, at_least=1)
        require_counts("RandomBlocks", "blocks", {"number": self.number}, at_least=1)
        counts = {"skip": self.skip, "beside": self.beside, "skip_last": self.skip_last}
        require_counts("RandomBlocks", "blocks", counts)

    def allows(self, at: Indices) -> Tensor:
        query, key = (
            self.place(at.batch, position).div(self.block, rounding_mode="floor")
            for position in (at.query_position, at.key_position)
        )
        tokens = 0 if self.causal else self.tokens(at.batch, at.query_position)
        found = torch.zeros_like(query == key)
        for turn in range(self.number):
            drawn, exists = self.drawn(turn, at.head, query, tokens)
            found = found | ((key == drawn) & exists)
        return found

    def drawn(self, turn: int, head: Tensor, block: Tensor, tokens: Tensor | int) -> tuple[Tensor, Tensor]:
        """One of the blocks that the queries of `block` see in `head`, and whether there is one.

        Args:
            turn: which of them, from 0 to `number` - 1.
            head: heads. block: blocks of queries; both broadcast against one another.
            tokens: tokens of the row; not read when `causal`.
        """
        low = (block - self.beside).clamp(min=self.skip)  # The blocks [low, high) are near, and so not drawn.
        if self.causal:
            choices, high = low - self.skip, low
        else:
            last = torch.zeros_like(block) + (tokens + self.block - 1) // self.block - self.skip_last
            high = (block + self.beside + 1).clamp(min=self.skip).minimum(last)
            choices = (last - self.skip - (high - low).clamp(min=0)).clamp(min=0)
        begin = turn * choices // self.number
        width = (turn + 1) * choices // self.number - begin
        rank = self.skip + begin + self._number(turn, head, block) % width.clamp(min=1)
        drawn = rank if self.causal else rank.where(rank < low, rank + (high - low).clamp(min=0))
        return drawn, (width > 0) & (block >= 0)

    def _number(self, turn: int, head: Tensor, block: Tensor) -> Tensor:
        """A number of 32 bits that looks random, of seed, head, block and turn."""
        mixed = torch.zeros_like(head + block)
        for part in (self.seed % 2**32, head, block, turn):
            mixed = (mixed + part + 0x9E3779B9) & 0xFFFFFFFF
            for _ in range(2):
                mixed = ((mixed ^ (mixed >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
            mixed = mixed ^ (mixed >> 16)
        return mixed

    def query_run(self, tokens: int | None) -> int:
        return self.block

    def tile_reach(self, causal: bool) -> Reach:
        return _Drawn(self)

    def tabled(self, extent: Extent) -> Mask:
        at = extent.indices()
        query = self.place(at.batch, at.query_position).div(self.block, rounding_mode="floor")
        tokens = 0 if self.causal else self.tokens(at.batch, at.query_position)
        tables = []
        for turn in range(self.number):
            drawn, exists = self.drawn(turn, at.head, query, tokens)
            tables.append(drawn.masked_fill(~exists, NOWHERE).squeeze(3))
        return _Tabled(self, tuple(tables))


@dataclass(frozen=True, eq=False, repr=False)
class _Tabled(Mask):
    """The same with the blocks that each query draws in tables (B or 1, H, T)."""

    draws: RandomBlocks
    tables: tuple[Tensor, ...]

    def allows(self, at: Indices) -> Tensor:
        key = self.draws.place(at.batch, at.key_position).div(self.draws.block, rounding_mode="floor")
        found = (look_up(table, at.batch, at.head, at.query) == key for table in self.tables)
        return reduce(torch.Tensor.logical_or, found)


@dataclass(frozen=True)
class _Drawn(Reach):
    """The tokens of the blocks that were drawn."""

    mask: RandomBlocks

    @property
    def grid(self) -> Grid:
        return Grid(self.mask.block, aligned=True)

    def width(self, grid: Grid) -> int | None:
        return self.mask.number * self.mask.block if grid == self.grid else None

    def keys(self, tiles: Tiles) -> Tensor:
        head = torch.tensor(tiles.heads, device=tiles.start.device).view(1, 1, -1, 1)
        block = tiles.block
        tokens = tiles.count if isinstance(tiles.count, int) else tiles.count[:, :, None, None]
        found = []
        for turn in range(self.mask.number):
            drawn, exists = self.mask.drawn(turn, head, block, tokens)
            found.append(drawn.masked_fill(~exists, NOWHERE))
        return tiles.within(torch.cat(found, dim=-1))
