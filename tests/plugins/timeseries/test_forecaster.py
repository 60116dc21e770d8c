"""Forecasts: what they depend on, where they start, and prediction on a table of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_timeseries.data.forecast_module import ForecastModule
from attnframe_timeseries.data.ridge import RidgeSums
from attnframe_timeseries.forecaster import Forecaster

from attnframe.errors import DataError
from attnframe.plugin.contract import PredictRecipe

MODELS = ("patches", "inverted", "cross")
FACTS = {"channels": ["a", "b", "c"], "mean": [0.0, 10.0, 0.0], "std": [1.0, 2.0, 1.0], "lookback": 16, "horizon": 5}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("skip", ["none", "learned"])
def test_normalisation_makes_a_forecast_follow_level_and_scale(
    model: str, skip: str, forecaster: Callable[..., Forecaster]
) -> None:
    module = forecaster(FACTS, model, linear_skip=skip).eval()
    past = torch.randn(2, 3, 16)
    plain = module({"past": past})
    assert plain.shape == (2, 3, 5)
    torch.testing.assert_close(module({"past": 3 * past + 7}), 3 * plain + 7, atol=2e-3, rtol=1e-3)
    without = forecaster(FACTS, model, linear_skip=skip, normalise="none").eval()
    assert not torch.allclose(without({"past": 3 * past + 7}), 3 * without({"past": past}) + 7, atol=1e-2)


@pytest.mark.parametrize(("pad_end", "unread"), [(True, []), (False, [0, 1])])
def test_patches_reach_the_last_row(pad_end: bool, unread: list[int], forecaster: Callable[..., Forecaster]) -> None:
    options = {"normalise": "none", "patch_size": 6, "stride": 4, "pad_end": pad_end}
    past = torch.randn(1, 3, 16, requires_grad=True)
    forecaster(FACTS, "patches", **options).eval()({"past": past}).square().sum().backward()
    assert past.grad is not None
    assert (past.grad[0, 0] == 0).nonzero().flatten().tolist() == unread


def test_channels_meet_in_every_model_but_patches(forecaster: Callable[..., Forecaster]) -> None:
    past = torch.randn(1, 3, 16)
    other = past.clone()
    other[:, 2] = torch.randn(16)
    for model in MODELS:
        module = forecaster(FACTS, model).eval()
        same = torch.equal(module({"past": past})[:, 0], module({"past": other})[:, 0])
        assert same == (model == "patches")


@pytest.mark.parametrize("model", MODELS)
def test_the_whole_lookback_counts(model: str, forecaster: Callable[..., Forecaster]) -> None:
    module = forecaster(FACTS, model, normalise="none").eval()
    past = torch.randn(1, 3, 16, requires_grad=True)
    (slope,) = torch.autograd.grad(module({"past": past}).square().sum(), past)
    assert bool((slope != 0).all())


def test_a_skip_starts_at_the_last_value(forecaster: Callable[..., Forecaster]) -> None:
    module = forecaster(FACTS, linear_skip="learned")
    past = torch.randn(2, 3, 16)
    assert module.skip is not None
    assert torch.equal(module.skip(past), past[..., -1:].expand(2, 3, 5))


@pytest.mark.parametrize("model", MODELS)
def test_with_a_ridge_skip_training_starts_at_the_floor(
    model: str, forecaster: Callable[..., Forecaster], forecast_module: Callable[..., ForecastModule]
) -> None:
    data = forecast_module(borders=(40, 50, 60))
    module = forecaster(data.facts, model, linear_skip="ridge", ridge_penalty=0.1)
    module.initialise(data.train)
    batch = data.test.batch(torch.arange(len(data.test)))
    weight, bias = RidgeSums.of(data.train, 14, 3).solve(0.1)
    last = batch["past"][..., -1:]
    torch.testing.assert_close(module.eval()(batch), last + (batch["past"] - last) @ weight.T + bias)
    assert module.skip is not None
    assert not any(parameter.requires_grad for parameter in module.skip.parameters())


def test_metrics_are_those_of_the_field(forecaster: Callable[..., Forecaster]) -> None:
    module = forecaster(FACTS)
    metrics = module.metrics()
    future = torch.zeros(2, 3, 5)
    outputs = torch.zeros(2, 3, 5)
    outputs[:, 1] = 3.0  # a deviation of 2, so 6 in the data's units
    module.update_metrics(metrics, {"future": future}, outputs)
    assert metrics["mse"].compute().item() == pytest.approx(3.0)
    assert metrics["mae"].compute().item() == pytest.approx(1.0)
    assert metrics["rmse"].compute().item() == pytest.approx(12**0.5)


def test_prediction_is_a_table_that_goes_on(
    forecast_module: Callable[..., ForecastModule],
    forecaster: Callable[..., Forecaster],
    table_file: Callable[..., Path],
    tmp_path: Path,
) -> None:
    module = forecaster(forecast_module().facts)
    source = str(table_file(name="mine.csv"))
    records = list(module.predict(module.read_inputs(source, PredictRecipe()), PredictRecipe()))
    assert [record["time"] for record in records] == ["2024-03-01", "2024-03-02", "2024-03-03"]
    assert [list(record) for record in records] == [["input", "time", "sales", "visits"]] * 3
    assert all(70 < record["sales"] < 130 and 2 < record["visits"] < 8 for record in records)
    (picture,) = module.save_pictures(records, tmp_path / "pictures")
    assert picture.name == "forecasts.html"
    page = picture.read_text(encoding="utf-8")
    assert page.count("<figure") == 2
    assert all(text in page for text in ("mine.csv", "sales", "visits", "told up to 2024-03-03"))


def test_each_table_of_a_folder_is_forecast(
    forecast_module: Callable[..., ForecastModule], forecaster: Callable[..., Forecaster], tmp_path: Path
) -> None:
    module = forecaster(forecast_module().facts)
    folder = tmp_path / "inputs"
    folder.mkdir()
    for name in ("b", "a"):
        (folder / f"{name}.csv").write_text((tmp_path / "series.csv").read_text())
    records = list(module.predict(module.read_inputs(str(folder), PredictRecipe()), PredictRecipe()))
    assert [Path(record["input"]).stem for record in records] == ["a"] * 3 + ["b"] * 3
    (path,) = module.save_pictures(records, tmp_path / "pictures")
    page = path.read_text(encoding="utf-8")
    assert page.index("a.csv") < page.index("b.csv")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (None, "must have at least 14 rows, the lookback that the model was trained with. Got 9 rows."),
        (["time,sales", "1,1", "2,2"], "must have the column visits. Got time, sales."),
    ],
)
def test_inputs_that_do_not_fit_are_told(
    lines: Any,
    expected: str,
    forecast_module: Callable[..., ForecastModule],
    forecaster: Callable[..., Forecaster],
    table_file: Callable[..., Path],
) -> None:
    module = forecaster(forecast_module().facts)
    source = table_file(lines, rows=9, name="mine.csv")
    with pytest.raises(DataError) as caught:
        module.read_inputs(str(source), PredictRecipe())
    assert str(caught.value) == f"{source} {expected}"


def test_an_absent_input_and_an_empty_folder_are_told(forecaster: Callable[..., Forecaster], tmp_path: Path) -> None:
    module = forecaster(FACTS)
    with pytest.raises(DataError, match="input must be a CSV file that exists"):
        module.read_inputs(str(tmp_path / "none.csv"), PredictRecipe())
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="input must hold CSV files"):
        module.read_inputs(str(tmp_path / "empty"), PredictRecipe())
