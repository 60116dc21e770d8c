"""`model=cross`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Parts
from attnframe.recipe import Between, frozen
from attnframe.recipes.capabilities import Needs
from attnframe_timeseries.recipes.forecast_model import ForecastModel

if TYPE_CHECKING:
    from attnframe_timeseries.networks.base import Shape
    from attnframe_timeseries.networks.cross import CrossNetwork


@frozen
class CrossRecipe(ForecastModel):
    """An encoder reads the lookback row by row, and a decoder that attends it writes all rows of the horizon at once
    (Informer, Zhou et al. 2021, https://arxiv.org/abs/2012.07436).

    Args:
        start: share of the lookback that stands before the horizon in the decoder, in [0, 1].
    """

    name: ClassVar[str] = "cross"
    summary: ClassVar[str] = "an encoder of the rows, and a decoder that attends it (Informer, Zhou et al. 2021)"

    start: Annotated[float, Between(0, 1)] = 0.5

    def needs(self) -> Needs:
        return Needs(noncausal=True, causal=True, cross=True)

    def build(self, parts: Parts, shape: Shape) -> CrossNetwork:
        from attnframe_timeseries.networks.cross import CrossNetwork

        return CrossNetwork(self, parts, shape)
