"""The causal mask."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from attnframe.masks.base import Indices, Mask


@dataclass(frozen=True, eq=False, repr=False)
class Causal(Mask):
    """A query may attend the keys at its own position and before it.

    allowed(q, k) = position(k) <= position(q)

    With fewer queries than keys the last query stands at the last key (lower-right alignment), so one rule serves
    training and cached decoding. With more queries than keys the first T - S queries see nothing.
    """

    def allows(self, at: Indices) -> Tensor:
        return at.key_position <= at.query_position

    @property
    def sees_self(self) -> bool:
        return True
