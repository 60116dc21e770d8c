"""`model=patches`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import Parts
from attnframe.recipe import AtLeast, Between, frozen
from attnframe_timeseries.recipes.forecast_model import ForecastModel

if TYPE_CHECKING:
    from attnframe_timeseries.networks.base import Shape
    from attnframe_timeseries.networks.patches import PatchNetwork


@frozen
class PatchesRecipe(ForecastModel):
    """Each channel by itself, cut into patches, through one encoder and a linear head (PatchTST, Nie et al. 2023,
    https://arxiv.org/abs/2211.14730).

    Args:
        patch_size: rows of a patch. stride: rows from one patch to the next.
        pad_end: whether the last row is repeated `stride` times, so that the last rows stand in as many patches as all
            others. Without it patches are counted from the last row back, and first rows that fill no patch go unread.
        head_dropout: probability of dropping an element before the head in training, in [0, 1].
    """

    name: ClassVar[str] = "patches"
    summary: ClassVar[str] = "each channel by itself, cut into patches (PatchTST, Nie et al. 2023)"

    patch_size: Annotated[int, AtLeast(1)] = 16
    stride: Annotated[int, AtLeast(1)] = 8
    pad_end: bool = True
    head_dropout: Annotated[float, Between(0, 1)] = 0.0

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.stride > self.patch_size:
            yield self.fault("stride", f"must be at most patch_size={self.patch_size}, or rows would go unread")

    def lookback_faults(self, lookback: int) -> Iterable[Fault]:
        if lookback < self.patch_size:
            yield self.fault("patch_size", f"must be at most data.lookback={lookback}")

    def build(self, parts: Parts, shape: Shape) -> PatchNetwork:
        from attnframe_timeseries.networks.patches import PatchNetwork

        return PatchNetwork(self, parts, shape)
