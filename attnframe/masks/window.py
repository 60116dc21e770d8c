"""The sliding window."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Indices, Mask
from attnframe.masks.reach import Reach, Span


@dataclass(frozen=True, eq=False, repr=False)
class Window(Mask):
    """A query may attend itself, `left` other tokens before it and `right` after it.

    allowed(q, k) = position(q) - left <= position(k) <= position(q) + right

    The counts are of *other* tokens: ``Window(4, 0)`` sees five keys, ``Window(4, 4)`` nine, ``Window(0, 0)`` only
    itself.

    Args:
        left: other tokens visible before the query, at least 0; None for all.
        right: other tokens visible after the query, at least 0; None for all.

    Raises:
        ConfigurationError: when a count is negative or no integer.
    """

    left: int | None
    right: int | None

    def __post_init__(self) -> None:
        faults = [
            Fault(f"Window.{side}", "must be a count of other tokens, at least 0, or None for all", repr(count))
            for side, count in (("left", self.left), ("right", self.right))
            if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0)
        ]
        if faults:
            raise ConfigurationError(faults)

    def allows(self, at: Indices) -> Tensor:
        offset = at.key_position - at.query_position
        if self.left is None and self.right is None:
            return torch.ones_like(offset, dtype=torch.bool)
        if self.left is None or self.right is None:
            return offset <= self.right if self.right is not None else offset >= -(self.left or 0)
        return (offset >= -self.left) & (offset <= self.right)

    @property
    def sees_self(self) -> bool:
        return True

    def reach(self, causal: bool = False, head: int = 0) -> Reach | None:
        right = 0 if causal else self.right
        return None if self.left is None or right is None else Span(self.left, right)
