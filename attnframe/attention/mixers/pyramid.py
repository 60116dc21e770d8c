"""Means of ever larger cells of a sequence, and which of them stand for all keys of a block of queries."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixers.shortcut import as_wide


@dataclass(frozen=True)
class Pyramid:
    """Cells of 1, 2, 4, ... neighbouring tokens, one level after another.

    Args:
        real: (B or 1, S) True for the places of real tokens.
        block: tokens of a block, even.
        levels: levels above that of single tokens.
    """

    real: Tensor
    block: int
    levels: int
    _counts: tuple[Tensor, ...] = field(init=False, repr=False, compare=False)  # Real tokens of each cell, by level.

    def __post_init__(self) -> None:
        found = [F.pad(self.real.long(), (0, self._length - self.real.shape[1]))]
        for _ in range(self.levels):
            found.append(found[-1].view(len(self.real), -1, 2).sum(2))
        object.__setattr__(self, "_counts", tuple(found))

    @classmethod
    def over(cls, real: Tensor, block: int, queries_outside: bool) -> Pyramid:
        """As many levels as it takes until the blocks beside a query's own hold all that is left.

        Args:
            real: (B or 1, S). block: tokens of a block, even.
            queries_outside: whether queries may stand before the first token and see what comes after it.
        """
        levels, enough = 0, 1 if queries_outside else 2
        while -(-real.shape[1] // (block << levels)) > enough:
            levels += 1
        return cls(real, block, levels)

    def means(self, x: Tensor) -> Tensor:
        """Mean of the real tokens of each cell of x (B, K, S, E), as (B, K, N, E); x is 0 where none stands."""
        batch, heads, length, width = x.shape
        sums, found = as_wide(F.pad(x, (0, 0, 0, self._length - length))), []
        for level, count in enumerate(self._counts):
            if level:
                sums = sums.view(batch, heads, -1, 2, width).sum(3)
            found.append((sums / count.clamp(min=1)[:, None, :, None] if level else sums).to(x.dtype))
        return torch.cat(found, dim=2)

    @property
    def count(self) -> Tensor:
        """Real tokens (B or 1, N) of each cell."""
        return torch.cat(self._counts, dim=1)

    def seen(self, block: Tensor, causal: bool) -> tuple[Tensor, Tensor]:
        """The cells that stand for all keys of the queries of a block: each key in just one of them.

        Their own block and those beside it token by token; of each level the cells that the blocks of half their
        length beside the query's own did not hold, and that the blocks beside the query's own do.

        Args:
            block: (B or 1, n) numbers of blocks.
            causal: whether only what comes before the end of the block is wanted.

        Returns:
            (B or 1, n, w) indices of cells, and True where the cell exists. The first w are single tokens.
        """
        beside = torch.arange(-1, 1 if causal else 2, device=block.device)
        index, exists = self._runs(0, block.unsqueeze(-1) + beside)
        found, kept = [index], [exists]
        for level in range(1, self.levels + 1):
            # A run is as long as a block of the level below; the query stands in run `own` of the pair 2p, 2p + 1.
            own, pair = block >> (level - 1), 2 * (block >> level)
            odd = own > pair
            runs = [pair - 2, (pair - 1).where(odd, -1 if causal else pair + 2), *([] if causal else [pair + 3])]
            index, exists = self._runs(level, torch.stack(runs, dim=-1))
            found.append(index)
            kept.append(exists)
        return torch.cat(found, dim=-1), torch.cat(kept, dim=-1)

    def spread(self, weights: Tensor) -> Tensor:
        """What cells (B, H, T, N) count for, shared out among the real tokens of each: (B, H, T, S)."""
        shares = weights / self.count.clamp(min=1)[:, None, None, :]
        total = torch.zeros_like(weights[..., :1])
        parts = shares.split_with_sizes([count.shape[1] for count in self._counts], dim=-1)
        for level, part in reversed([*enumerate(parts)]):
            total = (total if level == self.levels else total.repeat_interleave(2, dim=-1)) + part
        return total[..., : self.real.shape[1]] * self.real[:, None, None, :]

    @property
    def _length(self) -> int:
        """Tokens with those that fill up the last cell of the highest level."""
        cell = 1 << self.levels
        return -(-self.real.shape[1] // cell) * cell

    def _runs(self, level: int, runs: Tensor) -> tuple[Tensor, Tensor]:
        """All cells of runs (B or 1, n, r) of one level, as `seen` gives them."""
        size = self.block if level == 0 else self.block // 2
        cell = (runs.unsqueeze(-1) * size + torch.arange(size, device=runs.device)).flatten(-2)
        cells = self._length >> level
        offset = sum(self._length >> below for below in range(level))
        return cell.clamp(0, cells - 1) + offset, (cell >= 0) & (cell < cells)
