"""`data=exchange_rate`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_timeseries.recipes.forecast_data import ForecastData

if TYPE_CHECKING:
    from attnframe_timeseries.data.forecast_module import ForecastModule


@frozen
class ExchangeRate(ForecastData):
    """Rates of eight currencies, day by day from 1990 to 2010 (Lai et al. 2018, https://arxiv.org/abs/1703.07015), cut
    70 / 10 / 20 as papers do. Rates walk at random: the last value is hard to beat.
    """

    name: ClassVar[str] = "exchange_rate"
    summary: ClassVar[str] = "7,588 days of 8 exchange rates (multivariate-time-series-data, no licence stated, 0.2 MB)"

    borders: tuple[int, int, int] | None = (5311, 6071, 7588)

    def nominal_facts(self) -> Facts:
        return self.nominal(8)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> ForecastModule:
        from attnframe_timeseries.data.exchange_rate import read_exchange_rate
        from attnframe_timeseries.data.forecast_module import ForecastModule

        return ForecastModule(self, lambda: read_exchange_rate(data_dir))

    def download(self, data_dir: Path) -> None:
        from attnframe_timeseries.data.exchange_rate import FILE

        FILE.ready(data_dir)
