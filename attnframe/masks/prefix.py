"""The prefix of a prefix language model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.shapes import look_up, misfits, require


@dataclass(frozen=True, eq=False, repr=False)
class Prefix(Mask):
    """Every query may attend the keys of the prefix; ``Causal() | Prefix(n)`` makes a prefix language model (Raffel et
    al. 2020, https://arxiv.org/abs/1910.10683).

    allowed(b, q, k) = position(k) < lengths[b]

    Args:
        lengths: tokens in the prefix, at least 0: one number, or an integer tensor (B,).

    Raises:
        ConfigurationError: when `lengths` is negative or no integers.
    """

    lengths: int | Tensor

    def __post_init__(self) -> None:
        if isinstance(self.lengths, Tensor):
            require("Prefix.lengths", self.lengths, axes="B", integer=True)
        elif not isinstance(self.lengths, int) or isinstance(self.lengths, bool) or self.lengths < 0:
            fault = Fault(
                "Prefix.lengths", "must be a count of tokens, at least 0, or a tensor (B,)", repr(self.lengths)
            )
            raise ConfigurationError(fault)

    def allows(self, at: Indices) -> Tensor:
        lengths = look_up(self.lengths, at.batch) if isinstance(self.lengths, Tensor) else self.lengths
        return at.key_position < lengths

    def may_hide_all(self, extent: Extent) -> bool:
        known = isinstance(self.lengths, int) and extent.key_positions is None and extent.keys > 0
        return not (known and self.lengths)

    def faults(self, extent: Extent) -> Iterable[Fault]:
        return misfits("Prefix.lengths", self.lengths, "B", extent) if isinstance(self.lengths, Tensor) else ()
