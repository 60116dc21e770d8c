"""`data=series_csv data.path=FILE`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_timeseries.recipes.forecast_data import ForecastData

if TYPE_CHECKING:
    from attnframe_timeseries.data.forecast_module import ForecastModule

MUST = "must be a CSV file: time, then channels"


@frozen
class SeriesCsv(ForecastData):
    """A user's own series: a CSV file whose first column is time, and whose others are channels.

    Times are dates or numbers in steps of one length. Parts end at `borders`, in rows, or are cut by `split`, in time.
    """

    name: ClassVar[str] = "series_csv"
    summary: ClassVar[str] = "your own series: a CSV file, time and then channels (data.path=FILE)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", MUST, "Give data.path=FILE.")

    def nominal_facts(self) -> Facts:
        return self.nominal(3)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> ForecastModule:
        from attnframe_timeseries.data.forecast_module import ForecastModule
        from attnframe_timeseries.data.series_csv import read_series_csv

        if self.path is None:
            raise ConfigurationError(self.fault("path", MUST))
        path = Path(self.path)
        return ForecastModule(self, lambda: read_series_csv(path))
