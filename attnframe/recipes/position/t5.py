"""T5's relative position bias."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class T5Scheme(PositionScheme):
    """A learned bias for each head and bucket of distances, shared by all layers (Raffel et al. 2020,
    https://arxiv.org/abs/1910.10683).

    Args:
        num_buckets: buckets of distances, even, at least 4; half of them for each side unless attention is causal.
        max_distance: distance from which on all share a bucket, in positions, above half of `num_buckets`.
    """

    name: ClassVar[str] = "t5"
    summary: ClassVar[str] = "a learned bias for each head and bucket of distances (T5, Raffel et al. 2020)"
    view: ClassVar[View] = "bias"
    reads: ClassVar[PositionKind | None] = "order"

    num_buckets: Annotated[int, AtLeast(4)] = 32
    max_distance: Annotated[int, AtLeast(1)] = 128

    def faults(self) -> Iterable[Fault]:
        if self.num_buckets % 2:
            yield self.fault("num_buckets", "must be even", f"Try {self.num_buckets + 1}.")
        if self.max_distance <= self.num_buckets // 2:
            yield self.fault("max_distance", f"must be above half of position.num_buckets={self.num_buckets}")

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.t5 import T5Bias

        return T5Bias(sizes.num_heads, self.num_buckets, self.max_distance, sizes.causal)
