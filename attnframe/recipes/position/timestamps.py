"""Bias of the time that lies between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import Above, AtLeast, frozen
from attnframe.recipes.position.base import PositionKind, PositionScheme, Sizes, View

if TYPE_CHECKING:
    from attnframe.positions.base import Position


@frozen
class TimestampsScheme(PositionScheme):
    """A learned bias for each head and bucket of the time between two tokens (HSTU, Zhai et al. 2024,
    https://arxiv.org/abs/2402.17152; after TiSASRec, Li et al. 2020, https://doi.org/10.1145/3336191.3371786).

    Args:
        num_buckets: buckets of time, at least 3; as many again for later keys unless attention is causal.
        unit: shortest time told from 0, in the unit of the timestamps.
        longest: time from which on all share a bucket, in the unit of the timestamps, above `unit`; a year of seconds.
    """

    name: ClassVar[str] = "timestamps"
    summary: ClassVar[str] = "a learned bias for each head and bucket of the time between (HSTU, Zhai et al. 2024)"
    view: ClassVar[View] = "bias"
    reads: ClassVar[PositionKind | None] = "time"

    num_buckets: Annotated[int, AtLeast(3)] = 64
    unit: Annotated[float, Above(0)] = 1.0
    longest: Annotated[float, Above(0)] = 31536000.0

    def faults(self) -> Iterable[Fault]:
        if self.longest <= self.unit:
            yield self.fault("longest", f"must be above position.unit={self.unit:g}")

    def build(self, sizes: Sizes) -> Position:
        from attnframe.positions.timestamps import Timestamps

        return Timestamps(sizes.num_heads, self.num_buckets, self.unit, self.longest, sizes.causal)
