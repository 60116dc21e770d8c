"""The task `forecasting`: the next rows of a table of series. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_timeseries.recipes.cross import CrossRecipe
from attnframe_timeseries.recipes.ett import ETTh1, ETTm1
from attnframe_timeseries.recipes.exchange_rate import ExchangeRate
from attnframe_timeseries.recipes.forecast_data import ForecastData
from attnframe_timeseries.recipes.forecast_model import ForecastModel
from attnframe_timeseries.recipes.inverted import InvertedRecipe
from attnframe_timeseries.recipes.macrodata import Macrodata
from attnframe_timeseries.recipes.patches import PatchesRecipe
from attnframe_timeseries.recipes.series_csv import SeriesCsv

if TYPE_CHECKING:
    from attnframe_timeseries.forecaster import Forecaster


class Forecasting(Task):
    """The next rows of a table of series, all at once (PatchTST, Nie et al. 2023; iTransformer, Liu et al. 2024)."""

    name: ClassVar[str] = "forecasting"
    summary: ClassVar[str] = "the next rows of a table of series (PatchTST 2023, iTransformer 2024)"
    monitor: ClassVar[Monitor] = Monitor("mse", "min")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (PatchesRecipe, InvertedRecipe, CrossRecipe)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (Macrodata, ETTh1, ETTm1, ExchangeRate, SeriesCsv)}
    )
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "transformer": "say what its tokens are, patches of a channel, whole channels or rows",
            "attention_rnn": "its states are read one by one, and a horizon is forecast at once",
            "attention_cnn": "rows and channels make no grid whose places are alike",
            "hierarchical": "it makes one vector of a whole series",
        }
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return own(model).needs()

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        if isinstance(data, ForecastData):
            yield from own(parts.model).lookback_faults(data.lookback)

    def build(self, parts: Parts, facts: Facts) -> Forecaster:
        from attnframe_timeseries.forecaster import Forecaster

        return Forecaster(parts, facts)


def own(model: ModelRecipe) -> ForecastModel:
    """A model that is one of forecasting.

    Raises:
        ConfigurationError: when it is another.
    """
    if not isinstance(model, ForecastModel):
        raise ConfigurationError(Fault("model", "must be a ForecastModel", type(model).__name__))
    return model
