"""Forecasts beside what came, and how errors grow with the distance."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from attnframe.pictures import Line, Panel
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import Batch

MOST = 4
"""Channels that are shown, the first ones."""


class Forecasts(Exhibit):
    """The middle window of the first test batch for the first channels, and the squared error of each step ahead.

    Args:
        channels: their names.
        mean, std: (C, 1), back to the unit of the data.
    """

    def __init__(self, channels: Sequence[str], mean: Tensor, std: Tensor) -> None:
        self.channels, self.mean, self.std = channels, mean, std
        self._example: tuple[Tensor, Tensor, Tensor] | None = None
        self._sums: Tensor | float = 0.0
        self._count = 0

    def update(self, batch: Batch, outputs: Tensor) -> None:
        self._sums = self._sums + (outputs - batch["future"]).square().mean(1).double().sum(0)
        self._count += len(outputs)
        if self._example is None:
            middle = len(outputs) // 2
            parts = (batch["past"][middle], batch["future"][middle], outputs[middle])
            past, future, forecast = (part.double() * self.std + self.mean for part in parts)
            self._example = past, future, forecast

    def panels(self) -> list[Panel]:
        if self._example is None:
            return []
        past, future, forecast = self._example
        horizon = future.shape[1]
        before = past[:, -3 * horizon :]
        ago = torch.arange(-before.shape[1] + 1, 1).tolist()
        ahead = list(range(1, horizon + 1))
        found = [
            Panel(
                "lines",
                {
                    "series": [
                        Line("truth", ago + ahead, _rounded(torch.cat([before[channel], future[channel]]))),
                        Line("forecast", ahead, _rounded(forecast[channel])),
                    ],
                    "title": f"{name}, a window of the test rows",
                    "x_label": "rows after the last one that was read",
                },
            )
            for channel, name in enumerate(self.channels[:MOST])
        ]
        errors = _rounded(torch.as_tensor(self._sums) / self._count)
        shown = {"title": "Error by distance, all channels", "x_label": "rows ahead", "y_label": "squared error"}
        return [*found, Panel("lines", {"series": [Line("error", ahead, errors)], **shown})]


def _rounded(values: Tensor) -> list[float]:
    return [float(f"{value:.5g}") for value in values.tolist()]
