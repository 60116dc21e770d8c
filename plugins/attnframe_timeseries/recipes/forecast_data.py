"""Settings that all data sets of forecasting share. Torch-free."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from typing import Annotated

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen


@frozen
class ForecastData(DataRecipe, ABC):
    """One table of series that run side by side: rows are steps of time, columns are channels.

    An example is a window of `lookback` + `horizon` rows; windows begin at every row. Parts follow one another in time.
    Windows of val and test may look back over the border before them; what they forecast lies in their part.

    Args:
        batch_size: windows per step.
        lookback: rows L that a forecast is made from.
        horizon: rows H that are forecast.
        borders: rows at which train, val and test end; null to cut by `split`.
    """

    batch_size: Annotated[int, AtLeast(1)] = 32
    lookback: Annotated[int, AtLeast(2)] = 96
    horizon: Annotated[int, AtLeast(1)] = 96
    borders: tuple[int, int, int] | None = None

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.borders is not None and not 0 < self.borders[0] < self.borders[1] < self.borders[2]:
            yield self.fault("borders", "must rise from above 0: [train_end,val_end,test_end] in rows")

    def nominal(self, channels: int) -> Facts:
        """Facts of a table of so many channels as they are known before it is read."""
        return {
            "channels": [f"channel {number}" for number in range(channels)],
            "mean": [0.0] * channels,
            "std": [1.0] * channels,
            "lookback": self.lookback,
            "horizon": self.horizon,
        }
