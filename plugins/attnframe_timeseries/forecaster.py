"""The module of the task `forecasting`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torchmetrics import MeanAbsoluteError, MeanSquaredError, Metric

from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.data import Split
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch, TaskModule
from attnframe_timeseries.data.ridge import RidgeSums
from attnframe_timeseries.data.table import Table
from attnframe_timeseries.data.times import times_after
from attnframe_timeseries.exhibits.forecasts import Forecasts
from attnframe_timeseries.explaining.forecast import ForecastTable
from attnframe_timeseries.forecast_inputs import read_lookbacks, write_example
from attnframe_timeseries.forecast_plot import save_plots
from attnframe_timeseries.forecasting import own
from attnframe_timeseries.networks.base import Shape
from attnframe_timeseries.networks.linear_skip import LinearSkip
from attnframe_timeseries.networks.normalisation import statistics

DIGITS = 7
"""Digits of a forecast that are written: what float32 holds."""


class Forecaster(TaskModule):
    r"""A network from lookback to horizon, between reversible normalisation and beside a linear map.

    .. math:: y = \sigma f((x - \mu) / \sigma) + \mu \quad \text{or, with a skip,} \quad
        y = \sigma f((x - \mu) / \sigma) + \mathrm{skip}(x)

    with the mean and deviation of each channel of a lookback, or 0 and 1. A batch is ``{"past": (B, C, L), "future":
    (B, C, H)}``, standardised with the training rows.

    Args:
        parts: attention, position and model recipes, the last a `ForecastModel`.
        facts: of `ForecastModule`.
    """

    std: Tensor
    mean: Tensor

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = self.model = own(parts.model)
        shape = Shape(len(facts["channels"]), facts["lookback"], facts["horizon"])
        self.network = model.build(parts, shape)
        self.skip = None if model.linear_skip == "none" else LinearSkip(shape.lookback, shape.horizon)
        if self.skip is not None and model.linear_skip == "ridge":
            self.network.start_at_zero()
            self.skip.requires_grad_(False)  # It is the best already: steps of the optimiser would only add noise.
        for name in ("mean", "std"):
            values = torch.tensor(facts[name], dtype=torch.float64).unsqueeze(-1)
            self.register_buffer(name, values, persistent=False)  # (C, 1)

    def initialise(self, train: Split) -> None:
        """Set the linear skip to the ridge regression on the training windows, where the model asks for it; there it
        stays.
        """
        if self.skip is not None and self.model.linear_skip == "ridge":
            sums = RidgeSums.of(train, self.facts["lookback"], self.facts["horizon"])
            self.skip.solve(sums, self.model.ridge_penalty)

    def forward(self, batch: Batch) -> Tensor:
        """Forecasts (B, C, H), standardised."""
        past: Tensor = batch["past"]
        if self.model.normalise == "none":
            out: Tensor = self.network(past)
            return out if self.skip is None else out + self.skip(past)
        mean, deviation = statistics(past)
        found = self.network((past - mean) / deviation)
        base = mean if self.skip is None else self.skip(past)
        return torch.addcmul(base, found, deviation)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean squared error of standardised values, and the forecasts (B, C, H)."""
        forecasts = self(batch)
        return F.mse_loss(forecasts, batch["future"]), forecasts

    def metrics(self) -> dict[str, Metric]:
        """``mse`` and ``mae`` of standardised values, and ``rmse`` in the data's units, over all channels and rows."""
        return {"mse": MeanSquaredError(), "mae": MeanAbsoluteError(), "rmse": MeanSquaredError(squared=False)}

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        wanted = batch["future"]
        for name in ("mse", "mae"):
            metrics[name].update(outputs.reshape(-1), wanted.reshape(-1))
        std = self.std.to(outputs.dtype)
        metrics["rmse"].update((outputs * std).reshape(-1), (wanted * std).reshape(-1))

    def exhibits(self) -> list[Exhibit]:
        """A forecast beside what came, and the error of each step ahead."""
        return [Forecasts(self.facts["channels"], self.mean, self.std)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        channels = len(self.facts["channels"])
        sizes = {"past": self.facts["lookback"], "future": self.facts["horizon"]}
        return {name: torch.zeros(batch_size, channels, rows, device=device) for name, rows in sizes.items()}

    def example_input(self, folder: Path) -> str:
        """A CSV file of waves, a day a row."""
        return str(write_example(folder / "waves.csv", self.facts["channels"], self.facts["lookback"]))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Table]]:
        """The table of a CSV file, or of each below a folder.

        Raises:
            DataError: with everything that is wrong with each file, too few rows for a lookback included.
        """
        return read_lookbacks(source, self.facts["channels"], self.facts["lookback"])

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, ``time`` and each channel in the data's units, for each of the H rows after a table."""
        self.eval()
        lookback = self.facts["lookback"]
        mean, std = self.mean.cpu().numpy(), self.std.cpu().numpy()
        for name, table in inputs:
            past = (table.values[-lookback:].T - mean) / std  # (C, L)
            batch = {"past": torch.from_numpy(past.astype(np.float32)).unsqueeze(0).to(self.std.device)}
            rows = (self(batch)[0].double().cpu().numpy() * std + mean).T  # (H, C)
            for time, row in zip(times_after(table.times, len(rows)), rows.tolist(), strict=True):
                shown = (float(f"{value:.{DIGITS}g}") for value in row)
                yield {"input": name, "time": time, **dict(zip(self.facts["channels"], shown, strict=True))}

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each table with its forecast."""
        for name, table in inputs:
            yield name, partial(ForecastTable, name, self, table)

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """One plot for each input: its lookback and the forecast of each channel."""
        return save_plots(records, self.facts["channels"], self.facts["lookback"], folder)
