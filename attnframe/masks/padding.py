"""The padding mask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from attnframe.errors import Fault
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.shapes import look_up, misfits, require


@dataclass(frozen=True, eq=False, repr=False)
class Padding(Mask):
    """Every query may attend the real keys of its batch row, and no padding.

    allowed(b, q, k) = valid[b, position(k)]

    Args:
        valid: (B, S) bool, True = real key, False = padding; S counts all keys since position 0, also those that a ring
            cache dropped.

    Raises:
        ConfigurationError: when `valid` is no bool tensor of rank 2.
    """

    valid: Tensor

    def __post_init__(self) -> None:
        require("Padding.valid (True = real key)", self.valid, axes="BS")

    def allows(self, at: Indices) -> Tensor:
        return look_up(self.valid, at.batch, at.key_position)

    def query_run(self, tokens: int | None) -> int:
        return 0

    def faults(self, extent: Extent) -> Iterable[Fault]:
        return misfits("Padding.valid", self.valid, "BS", extent)
