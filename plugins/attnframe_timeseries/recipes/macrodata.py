"""`data=macrodata`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_timeseries.recipes.forecast_data import ForecastData

if TYPE_CHECKING:
    from attnframe_timeseries.data.forecast_module import ForecastModule


@frozen
class Macrodata(ForecastData):
    """The economy of the United States, quarter by quarter from 1959 to 2009: product, consumption, prices, money,
    rates and employment (Federal Reserve Bank of St. Louis), shipped with statsmodels.
    """

    name: ClassVar[str] = "macrodata"
    summary: ClassVar[str] = (
        "203 quarters of 12 US economic series, embedded in statsmodels (public domain; no network)"
    )

    lookback: Annotated[int, AtLeast(2)] = 16
    horizon: Annotated[int, AtLeast(1)] = 4
    split: tuple[float, float, float] = (0.7, 0.15, 0.15)

    def nominal_facts(self) -> Facts:
        return self.nominal(12)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> ForecastModule:
        from attnframe_timeseries.data.forecast_module import ForecastModule
        from attnframe_timeseries.data.macrodata import read_macrodata

        return ForecastModule(self, read_macrodata)
