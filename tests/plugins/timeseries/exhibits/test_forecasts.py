"""Forecasts beside what came."""

from __future__ import annotations

import torch
from attnframe_timeseries.exhibits.forecasts import MOST, Forecasts

from attnframe.pictures import draw


def test_lines_are_in_the_unit_of_the_data_and_errors_by_distance_by_hand() -> None:
    exhibit = Forecasts(["load"], torch.tensor([[10.0]]), torch.tensor([[2.0]]))
    past, future = torch.tensor([[[0.0, 1.0, 2.0]]]), torch.tensor([[[3.0, 4.0]]])
    exhibit.update({"past": past, "future": future}, torch.tensor([[[3.0, 2.0]]]))
    exhibit.update({"past": past, "future": future}, torch.tensor([[[4.0, 4.0]]]))
    example, errors = exhibit.panels()
    truth, forecast = example.arguments["series"]
    assert (truth.x, truth.y) == ([-2, -1, 0, 1, 2], [10, 12, 14, 16, 18])
    assert (forecast.x, forecast.y) == ([1, 2], [16, 14])
    assert errors.arguments["series"][0].y == [0.5, 2.0]  # means of 0 and 1, of 4 and 0
    assert all(draw(panel.plain()) for panel in (example, errors))


def test_of_many_channels_some_are_shown() -> None:
    count = MOST + 3
    exhibit = Forecasts([str(number) for number in range(count)], torch.zeros(count, 1), torch.ones(count, 1))
    batch = {"past": torch.zeros(2, count, 4), "future": torch.zeros(2, count, 2)}
    exhibit.update(batch, torch.zeros(2, count, 2))
    assert len(exhibit.panels()) == MOST + 1
