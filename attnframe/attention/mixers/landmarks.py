"""Means of segments of a sequence."""

from __future__ import annotations

import torch
from torch import Tensor


class Segments:
    """Rows of tokens cut into segments as evenly as can be, the longer ones first, as `torch.tensor_split` cuts.

    Args:
        length: tokens T in a row.
        count: segments M of a row, at most T.
        lengths: (B,) real tokens of each row, its first ones; None when all are. A row of fewer than M has a segment
            for each, and empty ones.
    """

    def __init__(self, length: int, count: int, lengths: Tensor | None = None) -> None:
        self.length, self.count, self.lengths = length, count, lengths

    def means(self, x: Tensor) -> Tensor:
        """Mean of each segment of x (B, H, T, E), as (B, H, M, E); 0 for an empty one."""
        batch, heads, length, width = x.shape
        if self.lengths is not None:
            joined = x.transpose(1, 2).reshape(batch, length, heads * width)
            return (self._shares(x.dtype) @ joined).view(batch, self.count, heads, width).transpose(1, 2)
        size, longer = divmod(self.length, self.count)
        border = longer * (size + 1)
        rest = x[:, :, border:].reshape(batch, heads, self.count - longer, size, width).mean(dim=3)
        if not longer:
            return rest
        first = x[:, :, :border].reshape(batch, heads, longer, size + 1, width).mean(dim=3)
        return torch.cat([first, rest], dim=2)

    @property
    def filled(self) -> Tensor:
        """(B, M) True for segments that are not empty; needs `lengths`."""
        first, last = self._borders
        return last > first

    def _shares(self, dtype: torch.dtype) -> Tensor:
        """What each token counts for in each mean, (B, M, T)."""
        first, last = (border.unsqueeze(-1) for border in self._borders)
        token = torch.arange(self.length, device=first.device)
        inside = (token >= first) & (token < last)
        return inside.to(dtype) / (last - first).clamp(min=1).to(dtype)

    @property
    def _borders(self) -> tuple[Tensor, Tensor]:
        """First token of each segment, and the one after its last, (B, M)."""
        assert self.lengths is not None
        size, longer = self.lengths.div(self.count, rounding_mode="floor"), self.lengths % self.count
        number = torch.arange(self.count + 1, device=self.lengths.device)
        start = number * size.unsqueeze(-1) + torch.minimum(number, longer.unsqueeze(-1))
        return start[:, :-1], start[:, 1:]
