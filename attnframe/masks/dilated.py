"""The dilated window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Indices, Mask
from attnframe.masks.counts import require_counts
from attnframe.masks.reach import Reach, Span


@dataclass(frozen=True, eq=False, repr=False)
class Dilated(Mask):
    """A query may attend itself and every d-th token beside it (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150).

    allowed(h, q, k) = position(k) = position(q) + d_h * m for some m with -left <= m <= right

    The counts are of *other* tokens, as in `Window`: ``Dilated(4, 0, 2)`` sees five keys that span nine positions.

    Args:
        left: other tokens visible before the query, at least 0.
        right: other tokens visible after the query, at least 0.
        dilation: distance d between them, at least 1; with 1 it is the window. Several are for the heads in turn: d_h =
            dilation[h % len(dilation)].

    Raises:
        ConfigurationError: when a count is too small or no integer, or no dilation is given.
    """

    left: int
    right: int
    dilation: int | tuple[int, ...]

    def __post_init__(self) -> None:
        require_counts("Dilated", "other tokens", {"left": self.left, "right": self.right})
        require_counts("Dilated", "positions", {f"dilation[{i}]": d for i, d in enumerate(self.dilations)}, at_least=1)
        if not self.dilations:
            raise ConfigurationError(Fault("Dilated.dilation", "must name at least one distance", "()"))

    @property
    def dilations(self) -> tuple[int, ...]:
        """The distances of the heads in turn."""
        return self.dilation if isinstance(self.dilation, tuple) else (self.dilation,)

    def allows(self, at: Indices) -> Tensor:
        step: Tensor | int = self.dilations[0]
        if len(self.dilations) > 1:
            turn = at.head % len(self.dilations)  # Elementwise and without a tensor of its own, as kernels want it.
            step = reduce(torch.Tensor.add, ((turn == i) * d for i, d in enumerate(self.dilations)))
        offset = at.key_position - at.query_position
        return (offset % step == 0) & (offset >= -self.left * step) & (offset <= self.right * step)

    @property
    def sees_self(self) -> bool:
        return True

    def reach(self, causal: bool = False, head: int = 0) -> Reach:
        return Span(self.left, 0 if causal else self.right, self.dilations[head % len(self.dilations)])
