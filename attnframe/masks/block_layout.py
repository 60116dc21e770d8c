"""A layout of blocks, written out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Extent, Indices
from attnframe.masks.counts import require_counts
from attnframe.masks.places import Placed
from attnframe.masks.reach import NOWHERE, Grid, Reach, Tiles
from attnframe.masks.shapes import look_up, require


@dataclass(frozen=True, eq=False, repr=False)
class BlockLayout(Placed):
    """A query may attend the tokens of the blocks that a table shows for its own block (Child et al. 2019,
    https://arxiv.org/abs/1904.10509).

    allowed(h, q, k) = layout[h, block(q), block(k)],  block(j) = floor(place(j) / block)

    Args:
        layout: (H or 1, M, M) bool, True = may attend; row is the query's block, column the key's. M blocks must hold
            all tokens of a row. Making the mask reads the table once (a synchronisation on an accelerator).
        block: tokens of a block, at least 1.
        most: blocks that a row shows at most; None to count them.

    Raises:
        ConfigurationError: when `layout` is no bool tensor of that shape, or `block` is too small.
    """

    layout: Tensor
    block: int
    most: int | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        require("BlockLayout.layout", self.layout, axes="HMM")
        require_counts("BlockLayout", "tokens", {"block": self.block}, at_least=1)
        if self.layout.shape[1] != self.layout.shape[2]:
            must = "must have as many rows as columns"
            raise ConfigurationError(Fault("BlockLayout.layout", must, str(tuple(self.layout.shape))))
        if self.most is None:
            object.__setattr__(self, "most", int(self.layout.sum(dim=-1).max()) if self.layout.numel() else 0)

    def allows(self, at: Indices) -> Tensor:
        query, key = (
            self.place(at.batch, position).div(self.block, rounding_mode="floor")
            for position in (at.query_position, at.key_position)
        )
        last = self.layout.shape[1] - 1
        shown = look_up(self.layout, at.head, query.clamp(0, last), key.clamp(0, last))
        return shown & (query >= 0) & (key >= 0)

    def faults(self, extent: Extent) -> Iterable[Fault]:
        if self.layout.shape[0] not in (1, extent.heads):
            must = f"must have {extent.heads} heads, or 1"
            yield Fault("BlockLayout.layout", must, str(tuple(self.layout.shape)))
        needed = -(-max(extent.keys, extent.start + extent.queries) // self.block)
        if self.layout.shape[1] < needed:
            must = f"must have at least {needed} blocks of {self.block} tokens"
            yield Fault("BlockLayout.layout", must, str(self.layout.shape[1]))
        if self.layout.device.type != torch.device(extent.device).type:
            must = f"must be on {extent.device}, as the queries are"
            yield Fault("BlockLayout.layout", must, str(self.layout.device), "Use mask.to(device).")

    def query_run(self, tokens: int | None) -> int:
        return self.block

    def tile_reach(self, causal: bool) -> Reach:
        return _Shown(self.layout, self.block, self.most or 0)


@dataclass(frozen=True)
class _Shown(Reach):
    """The tokens of the blocks that a layout shows, at most `most` blocks."""

    layout: Tensor
    block: int
    most: int

    @property
    def grid(self) -> Grid:
        return Grid(self.block, aligned=True)

    def width(self, grid: Grid) -> int | None:
        return self.most * self.block if grid == self.grid else None

    def keys(self, tiles: Tiles) -> Tensor:
        row = tiles.block[..., 0].clamp(0, self.layout.shape[1] - 1)  # (B or 1, N, 1)
        layout = self.layout if self.layout.shape[0] == 1 else self.layout[list(tiles.heads)]
        head = torch.arange(layout.shape[0], device=row.device)
        shown, order = layout.long().sort(dim=-1, descending=True, stable=True)
        blocks = order.masked_fill(shown == 0, NOWHERE)[..., : self.most]
        return tiles.within(blocks[head, row])
