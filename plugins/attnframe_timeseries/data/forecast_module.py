"""The data module of a table of series."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe_timeseries.data.borders import PARTS, border_faults, borders_of, stretches
from attnframe_timeseries.data.forecast_floor import best_simple_forecast
from attnframe_timeseries.data.table import Table
from attnframe_timeseries.data.windows import Windows
from attnframe_timeseries.recipes.forecast_data import ForecastData


class ForecastModule(DataModule):
    """One table, standardised with its training rows and cut into windows.

    Facts: ``channels`` (names), ``mean`` and ``std`` of each, ``lookback`` and ``horizon``.

    Args:
        recipe: lookback, horizon and borders.
        read: reads the table.
    """

    train: Windows
    val: Windows
    test: Windows

    def __init__(self, recipe: ForecastData, read: Callable[[], Table]) -> None:
        self.recipe, self.read = recipe, read

    def setup(self) -> None:
        recipe, table = self.recipe, self.read()
        lookback, horizon = recipe.lookback, recipe.horizon
        borders = borders_of(recipe, len(table.values))
        faults = [*border_faults(recipe, borders, len(table.values), lookback, horizon)]
        if self.known_facts is not None:
            faults += known_faults(table, recipe, self.known_facts)
        if faults:
            raise DataError(faults)
        self.facts = self._facts(table, borders[0]) if self.known_facts is None else self.known_facts
        scaled = (table.values - np.array(self.facts["mean"])) / np.array(self.facts["std"])
        series = torch.from_numpy(np.ascontiguousarray(scaled.T, dtype=np.float32))
        parts = stretches(borders, lookback, horizon)
        self.train, self.val, self.test = (Windows(series, part.first, part.count, lookback, horizon) for part in parts)
        self.digest = hashlib.sha256(f"{table.digest} {borders}".encode()).hexdigest()
        self.protocol = {
            "lookback": lookback,
            "horizon": horizon,
            "borders": list(borders),
            "windows": {name: part.count for name, part in zip(PARTS, parts, strict=True)},
            "stride": 1,
            "scale": "standardised by training rows",
        }

    def floor(self) -> dict[str, Any]:
        return best_simple_forecast(self.train, self.val, self.test, self.facts)

    def _facts(self, table: Table, train: int) -> Facts:
        rows = table.values[:train]
        deviation = rows.std(0)
        return {
            "channels": list(table.channels),
            "mean": [float(value) for value in rows.mean(0)],
            "std": [float(value) for value in np.where(deviation > 0, deviation, 1.0)],
            "lookback": self.recipe.lookback,
            "horizon": self.recipe.horizon,
        }


def known_faults(table: Table, recipe: ForecastData, facts: Facts) -> list[Fault]:
    """What is wrong with data for a model that was trained with other facts."""
    found = []
    for name in ("lookback", "horizon"):
        got, wanted = getattr(recipe, name), facts[name]
        if got != wanted:
            must = f"must be {wanted}, which the model was trained with"
            found.append(Fault(f"data.{name}", must, str(got), f"Give data.{name}={wanted}."))
    if list(table.channels) != facts["channels"]:
        missing = [name for name in facts["channels"] if name not in table.channels]
        got = f"{len(table.channels)} channels" + (f", without {', '.join(missing[:5])}" if missing else "")
        must = f"must be the {len(facts['channels'])} that the model was trained on, in their order"
        found.append(Fault("channels", must, got))
    return found
