"""Cutting a sequence into chunks that are stacked for batched products."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Chunks:
    """A sequence of T tokens as N chunks of C; the last is filled up with zeros.

    Args:
        length: T, at least 0. size: C, at least 1.
    """

    length: int
    size: int

    @classmethod
    def of(cls, length: int, size: int | None = None) -> Chunks:
        """Chunks of at most `size`; None for one of all tokens."""
        return cls(length, max(1, length if size is None else min(length, size)))

    @property
    def count(self) -> int:
        """N, at least 1."""
        return max(1, -(-self.length // self.size))

    def stack(self, x: Tensor) -> Tensor:
        """x (B, H, T, W) as (N, B, H, C, W): a chunk is one stretch of memory."""
        missing = self.count * self.size - self.length
        if missing:
            x = F.pad(x, (0, 0, 0, missing))
        batch, heads, _, width = x.shape
        # Keeps the memory as it is where a projection has put the heads of a token side by side.
        split = x.transpose(1, 2).reshape(batch, self.count, self.size, heads, width)
        return split.permute(1, 0, 3, 2, 4).contiguous()

    def join(self, x: Tensor) -> Tensor:
        """The inverse of `stack`; in memory the heads of a token stand side by side, as a projection reads them."""
        count, batch, heads, size, width = x.shape
        rows = x.permute(1, 0, 3, 2, 4).reshape(batch, count * size, heads, width)
        return rows[:, : self.length].transpose(1, 2)


def added(x: Tensor, left: Tensor, right: Tensor) -> Tensor:
    """x + left @ right for matrices (N, B, H, ...), by one operator."""
    return torch.baddbmm(x.flatten(0, 2), left.flatten(0, 2), right.flatten(0, 2)).view_as(x)
