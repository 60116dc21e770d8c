"""A table standardised and cut, and the simple forecasts beside it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_timeseries.data.forecast_module import ForecastModule
from attnframe_timeseries.data.table import Table
from attnframe_timeseries.recipes.ett import ETTh1
from attnframe_timeseries.recipes.series_csv import SeriesCsv

from attnframe.errors import DataError

DATA = os.environ.get("ATTNFRAME_DATA_DIR")


def test_only_training_rows_standardise(forecast_module: Callable[..., ForecastModule]) -> None:
    module = forecast_module(borders=(40, 50, 60))
    past = module.train.batch(torch.arange(len(module.train)))["past"]
    rows = torch.cat([past[:, :, 0].T, past[-1][:, 1:], module.train.batch(torch.tensor([-1]))["future"][0]], 1)
    assert rows.shape == (2, 40)
    torch.testing.assert_close(rows.mean(1), torch.zeros(2), atol=1e-5, rtol=0)
    torch.testing.assert_close(rows.std(1, correction=0), torch.ones(2), atol=1e-5, rtol=0)


def test_parts_follow_one_another_and_look_back(forecast_module: Callable[..., ForecastModule]) -> None:
    module = forecast_module(borders=(40, 50, 60))
    assert [len(part) for part in (module.train, module.val, module.test)] == [24, 8, 8]
    first = module.val.batch(torch.tensor([0]))
    whole = torch.cat([module.train.batch(torch.tensor([23]))[name][0] for name in ("past", "future")], 1)
    torch.testing.assert_close(first["past"][0], whole[:, 3:])  # the 14 rows before row 40


def test_the_protocol_names_lookback_borders_and_windows(forecast_module: Callable[..., ForecastModule]) -> None:
    assert forecast_module(borders=(40, 50, 60)).protocol == {
        "lookback": 14,
        "horizon": 3,
        "borders": [40, 50, 60],
        "windows": {"train": 24, "val": 8, "test": 8},
        "stride": 1,
        "scale": "standardised by training rows",
    }


def test_a_checkpoint_standardises_other_data(forecast_module: Callable[..., ForecastModule]) -> None:
    facts = forecast_module(borders=(40, 50, 60)).facts
    again = forecast_module(known=facts, borders=(30, 40, 60))
    assert again.facts == facts


def test_other_sizes_and_channels_than_those_of_the_checkpoint_are_told(
    forecast_module: Callable[..., ForecastModule],
) -> None:
    facts = {**forecast_module().facts, "lookback": 12, "channels": ["sales", "heat"]}
    with pytest.raises(DataError) as caught:
        forecast_module(known=facts)
    assert [str(fault) for fault in caught.value.faults] == [
        "data.lookback must be 12, which the model was trained with. Got 14. Give data.lookback=12.",
        "channels must be the 2 that the model was trained on, in their order. Got 2 channels, without heat.",
    ]


def test_too_few_rows_are_told(forecast_module: Callable[..., ForecastModule]) -> None:
    with pytest.raises(DataError, match=r"data\.split must leave train at least 103 rows, its lookback and horizon"):
        forecast_module(lookback=100)


def made(table: Table, **fields: Any) -> ForecastModule:
    module = ForecastModule(SeriesCsv(path="made", **fields), lambda: table)
    module.setup()
    return module


def test_the_last_value_is_the_floor_of_a_random_walk(table: Callable[..., Table]) -> None:
    walk = np.random.default_rng(0).normal(size=(3000, 1)).cumsum(0)
    floor = made(table(walk), lookback=8, horizon=4).floor()
    assert {floor["name"].split(" (")[0], *(name.split(" (")[0] for name in floor["others"])} >= {
        "last value",
        "ridge regression on the lookback",
    }
    assert floor["test/rmse"] == pytest.approx(np.sqrt(2.5), rel=0.1)  # variance h after h steps, mean of 1 to 4


def test_the_season_is_found_and_is_the_floor_of_what_repeats(table: Callable[..., Table]) -> None:
    season = np.random.default_rng(0).normal(size=(11, 2))
    floor = made(table(np.tile(season, (40, 1))), lookback=22, horizon=6).floor()
    names = {floor["name"], *floor["others"]}
    assert any(name.startswith("season of 11") for name in names)
    assert floor["test/mse"] < 1e-3


@pytest.mark.skipif(DATA is None, reason="ATTNFRAME_DATA_DIR is not set")
def test_the_floor_of_etth1_is_the_ridge_regression(tmp_path: Path) -> None:
    module = ETTh1().build(data_dir=Path(str(DATA)), cache_dir=tmp_path, seed=0)
    module.setup()
    floor = module.floor()
    assert floor["name"].startswith("ridge regression")
    assert floor["test/mse"] == pytest.approx(0.383, abs=0.002)
    assert floor["test/mae"] == pytest.approx(0.392, abs=0.003)
    assert floor["others"]["last value"]["test/mse"] == pytest.approx(1.294, abs=0.002)
    assert floor["others"]["season of 24 rows"]["test/mse"] == pytest.approx(0.512, abs=0.002)
