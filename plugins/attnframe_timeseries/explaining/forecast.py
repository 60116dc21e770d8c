"""Explanations of forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor

from attnframe.pictures import Line, bars, heatmap, lines
from attnframe.plugin.subject import Drawing, Maps, Subject, Values
from attnframe_timeseries.data.table import Table

if TYPE_CHECKING:
    from attnframe_timeseries.forecaster import Forecaster

MOST_BARS: Final = 24
"""Channels that have bars; more are a heat map."""
MOST_PANELS: Final = 4
"""Channels that are drawn with their forecast, the most relevant ones."""


class ForecastTable(Subject):
    """A lookback and its forecast; its units are what the network makes tokens of: channels, stretches of lags, or
    stretches of each channel. Values that are deleted become their channel's mean over the lookback.

    Args:
        name: of the table. forecaster: in evaluation mode.
        table: at least as many rows as the lookback.
    """

    deletion = "replaced by its channel's mean over the lookback"
    read_out = "from all that the forecast is made of"
    score = "minus squared change of the forecast"

    def __init__(self, name: str, forecaster: Forecaster, table: Table) -> None:
        facts = forecaster.facts
        self.forecaster, self.channels = forecaster, list(facts["channels"])
        lookback = facts["lookback"]
        mean, std = forecaster.mean.cpu().numpy(), forecaster.std.cpu().numpy()
        own = ((table.values[-lookback:].T - mean) / std).astype(np.float32)
        self.given = torch.from_numpy(own).to(forecaster.std.device).unsqueeze(0)  # (1, C, L)
        self.neutral = self.given.mean(2, keepdim=True)
        with torch.no_grad():
            self.forecast = forecaster({"past": self.given})
            self.nothing = forecaster({"past": self.neutral.expand_as(self.given)})
        self.grid = forecaster.network.cells(len(self.channels), lookback)
        self.unit, self.many = {(True, False): ("channel", "channels"), (False, True): ("lag", "lags")}.get(
            (self.grid[0] > 1, self.grid[1] > 1), ("stretch of a channel", "stretches of channels")
        )
        if forecaster.skip is not None:
            self.note = "A linear map beside the network reads the lookback too, and no attention says what."
        rows = self.forecast.shape[2]
        answer = f"The model tells the {rows} rows that follow of {', '.join(self.channels[:8])}"
        super().__init__(name, f"{answer}{' and more' if len(self.channels) > 8 else ''}.", forecaster, self._names())

    def _names(self) -> list[str]:
        channels, stretches = self.grid
        lookback = self.given.shape[2]
        whole = [f"lag {lookback - place * lookback // stretches}" for place in range(stretches)]
        if channels == 1:
            return whole
        if stretches == 1:
            return self.channels
        return [f"{channel}, {lag}" for channel in self.channels for lag in whole]

    def _past(self, kept: Tensor) -> Tensor:
        lookback = self.given.shape[2]
        at = torch.arange(lookback, device=self.given.device) * self.grid[1] // lookback
        cells = kept.to(self.given.device).view(len(kept), *self.grid)[:, :, at]  # (n, 1 or C, L)
        return torch.where(cells, self.given, self.neutral)

    def scores(self, kept: Tensor) -> Tensor:
        away: Tensor = self.forecaster({"past": self._past(kept)}) - self.forecast
        return -away.square().mean((1, 2))

    def strength(self) -> Tensor:
        """How far the forecast goes from that of a lookback of means, in the direction in which it does."""
        along: Tensor = self.forecaster({"past": self.given}) * (self.forecast - self.nothing)
        return along.sum()

    def relevance(self, maps: Maps) -> Tensor:
        return self.forecaster.network.parts(maps, "network.", self.given.shape[2]).flatten()

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        channels, stretches = self.grid
        lookback = self.given.shape[2]
        if stretches == 1 and channels <= MOST_BARS and not small:
            return bars(self.channels, values.tolist(), title)
        if channels == 1 and not small:
            past = self.given[0, :MOST_PANELS].cpu().tolist()
            lags = list(range(-lookback, 0))
            series = [Line(name, lags, row) for name, row in zip(self.channels, past, strict=False)]
            return lines(series, title, "row before the forecast", "standardised", shades=values.tolist())
        rows = [] if channels == 1 or small else self.channels
        columns = [] if stretches == 1 or small else self._lags()
        return heatmap(values.reshape(self.grid), rows, columns, title, column_label="" if small else "lag")

    def _lags(self) -> list[str]:
        lookback, stretches = self.given.shape[2], self.grid[1]
        return [str(lookback - place * lookback // stretches) for place in range(stretches)]

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        """The forecast of the most relevant channels behind their lookback."""
        by_channel = self.relevance(maps).view(self.grid).sum(1)
        order = range(len(self.channels)) if self.grid[0] == 1 else by_channel.argsort(descending=True).tolist()
        past, future = self.given[0].cpu().tolist(), self.forecast[0].cpu().tolist()
        found = []
        for place in list(order)[:MOST_PANELS]:
            lags = list(range(-len(past[place]), 0))
            series = [
                Line("given", lags, past[place]),
                Line("forecast", [-1, *range(len(future[place]))], [past[place][-1], *future[place]]),
            ]
            title = f"{self.channels[place]}, standardised"
            found.append(Drawing(f"channel-{place + 1}", title, lines(series, title, "row from the forecast", "value")))
        return found

    def plain(self) -> Mapping[str, Any]:
        std, mean = self.forecaster.std.float().cpu(), self.forecaster.mean.float().cpu()
        rows = (self.forecast[0].cpu() * std + mean).tolist()
        return {"forecast": dict(zip(self.channels, rows, strict=True)), "grid": list(self.grid)}
