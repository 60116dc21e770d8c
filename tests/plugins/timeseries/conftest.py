"""Shared by the tests of time series: tables and files made by hand, and the tasks' modules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from attnframe_timeseries.data.forecast_module import ForecastModule
from attnframe_timeseries.data.series_csv import read_series_csv
from attnframe_timeseries.data.series_module import SeriesModule
from attnframe_timeseries.data.table import Table
from attnframe_timeseries.data.ts_files import read_ts_files
from attnframe_timeseries.forecaster import Forecaster
from attnframe_timeseries.forecasting import Forecasting
from attnframe_timeseries.recipes.series_csv import SeriesCsv
from attnframe_timeseries.recipes.ts_files import TsFiles
from attnframe_timeseries.series_classification import SeriesClassification
from attnframe_timeseries.series_classifier import SeriesClassifier

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

TRAIN_TS = [
    "#A comment.",
    "@problemName hands",
    "@timeStamps false",
    "@classLabel true left right",
    "@data",
    "1,2,3,4:0,0,1,1:left",
    "2,3,4:1,1,0:right",
    "1,2,3:0,1,1:left",
    "2,3,4,5:1,0,0,0:right",
]
TEST_TS = ["@timeStamps false", "@classLabel true left right", "@data", "1,2,2:0,0,1:left", "2,3:1,1:right"]


def waves(rows: int = 60) -> pd.DataFrame:
    """Two channels, a day a row: a week's wave in tens, and one in units with noise."""
    generator = np.random.default_rng(0)
    day = np.arange(rows)
    return pd.DataFrame(
        {
            "time": pd.date_range("2024-01-01", periods=rows, freq="D").strftime("%Y-%m-%d"),
            "sales": 100 + 10 * np.sin(2 * np.pi * day / 7),
            "visits": 5 + np.cos(2 * np.pi * day / 7) + 0.1 * generator.normal(size=rows),
        }
    )


@pytest.fixture
def table_file(tmp_path: Path) -> Callable[..., Path]:
    """A CSV file of waves, or of the lines given."""

    def write(lines: Sequence[str] | None = None, rows: int = 60, name: str = "series.csv") -> Path:
        path = tmp_path / name
        if lines is None:
            waves(rows).to_csv(path, index=False)
        else:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def forecast_module(table_file: Callable[..., Path]) -> Callable[..., ForecastModule]:
    """A data module over waves, set up; fields of the recipe, and facts of a checkpoint, may be given."""

    def make(known: dict[str, Any] | None = None, rows: int = 60, **fields: Any) -> ForecastModule:
        path = table_file(rows=rows)
        recipe = SeriesCsv(path=str(path), **{"lookback": 14, "horizon": 3, **fields})
        module = ForecastModule(recipe, lambda: read_series_csv(path))
        module.known_facts = known
        module.setup()
        return module

    return make


@pytest.fixture
def table() -> Callable[..., Table]:
    """A table with values (N, C) given, numbered from 0."""

    def make(values: Any, channels: Sequence[str] | None = None) -> Table:
        array = np.asarray(values, np.float64)
        names = tuple(channels or [f"channel {number}" for number in range(array.shape[1])])
        return Table(pd.RangeIndex(len(array)), names, array)

    return make


@pytest.fixture
def forecaster() -> Callable[..., Forecaster]:
    """A small forecaster for facts; attention, position, model and the model's fields may be given."""

    def make(
        facts: dict[str, Any], model: str = "patches", attention: str = "mha", position: str = "learned", **fields: Any
    ) -> Forecaster:
        torch.manual_seed(0)
        small = {"dim": 8, "depth": 1, **({"patch_size": 4, "stride": 2} if model == "patches" else {}), **fields}
        recipe = Forecasting.models[model](**small)
        parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()[position](), recipe)
        return Forecasting().build(parts, facts)

    return make


@pytest.fixture
def ts_folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder with both files; other lines may be given, or None for a file that is missing."""

    def write(train: Sequence[str] | None = TRAIN_TS, test: Sequence[str] | None = TEST_TS) -> Path:
        folder = tmp_path / "hands"
        folder.mkdir(exist_ok=True)
        for word, lines in (("TRAIN", train), ("TEST", test)):
            if lines is not None:
                (folder / f"hands_{word}.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    return write


@pytest.fixture
def series_module(ts_folder: Callable[..., Path]) -> Callable[..., SeriesModule]:
    """A data module over the made files, set up; other lines, fields and facts of a checkpoint may be given."""

    def make(
        train: Sequence[str] = TRAIN_TS,
        test: Sequence[str] | None = TEST_TS,
        known: dict[str, Any] | None = None,
        **fields: Any,
    ) -> SeriesModule:
        folder = ts_folder(train, test)
        module = SeriesModule(
            TsFiles(path=str(folder), **{"split": (0.5, 0.5, 0.0), **fields}), lambda: read_ts_files(folder)
        )
        module.known_facts = known
        module.setup()
        return module

    return make


@pytest.fixture
def classifier() -> Callable[..., SeriesClassifier]:
    """A small classifier for facts; attention, position and the model's fields may be given."""

    def make(
        facts: dict[str, Any], attention: str = "mha", position: str = "learned", **fields: Any
    ) -> SeriesClassifier:
        torch.manual_seed(0)
        recipe = SeriesClassification.models["transformer"](**{"dim": 8, "depth": 1, "kernels": (3,), **fields})
        parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()[position](), recipe)
        return SeriesClassification().build(parts, facts)

    return make
