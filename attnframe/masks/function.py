"""A mask from a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from attnframe.masks.base import Indices, Mask


@dataclass(frozen=True, eq=False, repr=False)
class Function(Mask):
    """A query may attend a key when a function says so; the same form as flex attention's ``mask_mod``.

    allowed(b, h, q, k) = fn(b, h, position(q), position(k))

    Queries and keys are told by position, so one function is right for training, a query chunk and cached decoding.
    Where T = S and there is no cache, position and row are the same.

    Args:
        fn: takes integer index tensors (batch row, head, query position, key position) that broadcast against one
            another and returns a bool tensor of their common shape; it must be elementwise, and what it reads must stay
            as it is: its answers are kept for the next layer and step.
    """

    fn: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]

    def allows(self, at: Indices) -> Tensor:
        return self.fn(at.batch, at.head, at.query_position, at.key_position)
