"""The simple forecasts that every model is compared with: the last value, the last season, and ridge regression."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from attnframe.plugin.contract import Facts
from attnframe_timeseries.data.ridge import RidgeSums, in_chunks
from attnframe_timeseries.data.windows import Windows

PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Penalties of ridge regression that are tried on the validation part."""


@dataclass(frozen=True)
class SimpleForecast:
    """A forecast without a network.

    Args:
        name: in words.
        forecast: lookback (B, C, L) to horizon (B, C, H).
    """

    name: str
    forecast: Callable[[Tensor], Tensor]


def best_simple_forecast(train: Windows, val: Windows, test: Windows, facts: Facts) -> dict[str, Any]:
    """``test/mse``, ``test/mae`` and ``test/rmse`` of the simple forecast that is best on validation windows, its
    ``name``, and the ``test/mse`` of the others."""
    horizon = facts["horizon"]
    kinds = [last_value(horizon), seasonal(season(train, horizon), horizon), ridge(train, val, horizon)]
    std = torch.tensor(facts["std"], dtype=torch.float64)
    best = min(kinds, key=lambda kind: errors(kind, val, std)["mse"])
    found = {kind.name: errors(kind, test, std) for kind in kinds}
    return {
        "name": best.name,
        **{f"test/{metric}": value for metric, value in found[best.name].items()},
        "others": {name: {"test/mse": score["mse"]} for name, score in found.items() if name != best.name},
    }


def last_value(horizon: int) -> SimpleForecast:
    """Every row of the horizon is the last of the lookback."""
    return SimpleForecast("last value", lambda past: past[..., -1:].expand(*past.shape[:-1], horizon))


def seasonal(period: int, horizon: int) -> SimpleForecast:
    """The last `period` rows, again and again."""
    places = torch.arange(horizon) % period
    return SimpleForecast(f"season of {period} rows", lambda past: past[..., past.shape[-1] - period + places])


def ridge(train: Windows, val: Windows, horizon: int) -> SimpleForecast:
    """Ridge regression on the lookback, its penalty chosen on the validation part; see `RidgeSums`."""
    sums = RidgeSums.of(train, train.lookback, horizon)
    kinds = [_ridge(sums, penalty) for penalty in PENALTIES]
    return min(kinds, key=lambda kind: errors(kind, val, torch.ones(()))["mse"])


def _ridge(sums: RidgeSums, penalty: float) -> SimpleForecast:
    weight, bias = sums.solve(penalty)

    def forecast(past: Tensor) -> Tensor:
        last = past[..., -1:]
        return last + torch.nn.functional.linear(past - last, weight, bias)

    return SimpleForecast(f"ridge regression on the lookback (penalty {penalty:g})", forecast)


def season(train: Windows, horizon: int) -> int:
    """The period from 2 to L whose seasonal forecast errs least on the training rows.

    The forecast of row h repeats what was k = period * ceil(h / period) rows before it, so its error is the mean square
    difference at lag k, which is computed once for each lag.
    """
    series = train.views.select(2, 0).T  # (C, windows): rows at which windows begin
    lags = range(1, min(train.lookback + horizon, series.shape[1]))
    if not lags:
        return train.lookback
    square = [math.inf, *(float((series[:, lag:] - series[:, :-lag]).square().mean()) for lag in lags)]

    def error(period: int) -> float:
        repeats = (period * -(-row // period) for row in range(1, horizon + 1))
        return sum(square[lag] if lag < len(square) else math.inf for lag in repeats)

    return min(range(2, train.lookback + 1), key=error)


def errors(kind: SimpleForecast, windows: Windows, std: Tensor) -> dict[str, float]:
    """Mean squared and absolute error of standardised values, and the root mean squared error in the data's units.

    Args:
        kind: what forecasts. windows: of one part. std: (C,) or () deviation of each channel.
    """
    squared = absolute = squared_units = 0.0
    count = 0
    for batch in in_chunks(windows):
        error = (kind.forecast(batch["past"]) - batch["future"]).double()
        squared += float(error.square().sum())
        absolute += float(error.abs().sum())
        squared_units += float((error * std.unsqueeze(-1)).square().sum())
        count += error.numel()
    return {"mse": squared / count, "mae": absolute / count, "rmse": math.sqrt(squared_units / count)}
