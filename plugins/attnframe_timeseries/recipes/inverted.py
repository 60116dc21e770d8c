"""`model=inverted`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Parts
from attnframe.recipe import frozen
from attnframe_timeseries.recipes.forecast_model import ForecastModel

if TYPE_CHECKING:
    from attnframe_timeseries.networks.base import Shape
    from attnframe_timeseries.networks.inverted import InvertedNetwork


@frozen
class InvertedRecipe(ForecastModel):
    """The whole lookback of a channel is one token, and channels attend one another (iTransformer, Liu et al. 2024,
    https://arxiv.org/abs/2310.06625)."""

    name: ClassVar[str] = "inverted"
    summary: ClassVar[str] = "a token for each channel, which attend one another (iTransformer, Liu et al. 2024)"

    def build(self, parts: Parts, shape: Shape) -> InvertedNetwork:
        from attnframe_timeseries.networks.inverted import InvertedNetwork

        return InvertedNetwork(self, parts, shape)
