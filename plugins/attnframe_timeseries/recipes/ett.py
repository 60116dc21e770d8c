"""`data=etth1` and `data=ettm1`. Torch-free."""

from __future__ import annotations

from abc import ABC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_timeseries.recipes.forecast_data import ForecastData

if TYPE_CHECKING:
    from attnframe_timeseries.data.forecast_module import ForecastModule


@frozen
class ElectricityTransformer(ForecastData, ABC):
    """Base of the load and oil temperature of an electricity transformer (Zhou et al. 2021,
    https://arxiv.org/abs/2012.07436), with the borders that papers use: 12, 4 and 4 months of 30 days.
    """

    def nominal_facts(self) -> Facts:
        return self.nominal(7)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> ForecastModule:
        from attnframe_timeseries.data.ett import read_ett
        from attnframe_timeseries.data.forecast_module import ForecastModule

        return ForecastModule(self, lambda: read_ett(self.name, data_dir))

    def download(self, data_dir: Path) -> None:
        from attnframe_timeseries.data.ett import fetch

        fetch(self.name, data_dir)


@frozen
class ETTh1(ElectricityTransformer):
    """Hourly."""

    name: ClassVar[str] = "etth1"
    summary: ClassVar[str] = "17,420 hours of 7 series of an electricity transformer (ETDataset, CC BY-ND 4.0, 2.6 MB)"

    borders: tuple[int, int, int] | None = (8640, 11520, 14400)


@frozen
class ETTm1(ElectricityTransformer):
    """Every 15 minutes."""

    name: ClassVar[str] = "ettm1"
    summary: ClassVar[str] = (
        "69,680 quarters of an hour of 7 series of an electricity transformer (ETDataset, CC BY-ND 4.0, 10 MB)"
    )

    borders: tuple[int, int, int] | None = (34560, 46080, 57600)
