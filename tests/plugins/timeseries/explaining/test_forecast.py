"""Explanations of forecasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_timeseries.explaining.forecast import ForecastTable

from attnframe.explanation.explanation import explain_subject
from attnframe.explanation.maps import Rollout
from attnframe.recipes.explain import ExplainRecipe

FACTS = {"channels": ["a", "b"], "lookback": 12, "horizon": 3, "mean": [0.0, 0.0], "std": [1.0, 1.0]}


@pytest.fixture
def values() -> Any:
    return np.random.default_rng(0).normal(size=(14, 2))


@pytest.mark.parametrize(
    ("model", "grid", "unit"),
    [("patches", (2, 6), "stretch of a channel"), ("inverted", (2, 1), "channel"), ("cross", (1, 12), "lag")],
)
def test_units_are_what_the_network_makes_tokens_of(
    forecaster: Callable[..., Any],
    table: Callable[..., Any],
    values: Any,
    model: str,
    grid: tuple[int, int],
    unit: str,
) -> None:
    network = forecaster(FACTS, model=model, depth=2).eval()
    subject = ForecastTable("t.csv", network, table(values, ["a", "b"]))
    assert (subject.grid, subject.unit) == (grid, unit)
    found = explain_subject(subject, ExplainRecipe(orders=2, steps=2, heads=2))
    assert found.relevance["attention"].sum() == pytest.approx(1)
    assert found.deletion.mean[0] == pytest.approx(0, abs=1e-9)  # nothing deleted, nothing changed
    assert found.deletion.mean[-1] < 0
    assert all(parts.sum() == pytest.approx(1) for _, _, parts in found.heads)


def test_values_that_are_deleted_become_the_mean_of_their_channel(
    forecaster: Callable[..., Any], table: Callable[..., Any], values: Any
) -> None:
    model = forecaster(FACTS).eval()
    subject = ForecastTable("t.csv", model, table(values, ["a", "b"]))
    kept = torch.ones(1, 12, dtype=torch.bool)
    kept[0, 6] = False  # the first stretch of the second channel: lags 12 and 11
    past = torch.from_numpy(values[-12:].T.astype(np.float32))
    changed = past.clone()
    changed[1, :2] = past[1].mean()
    with torch.no_grad():
        away = model({"past": changed.unsqueeze(0)}) - model({"past": past.unsqueeze(0)})
        torch.testing.assert_close(subject.scores(kept), -away.square().mean().view(1))


def test_patches_that_overlap_share_their_lags_out(forecaster: Callable[..., Any]) -> None:
    network = forecaster(FACTS).network  # patches of 4 lags, 2 apart
    count = network.head.in_features // 8
    found = network.parts(Rollout({"encoder.0": torch.eye(count).expand(2, 1, count, count)}), "", 12)
    assert found.shape == (2, 6)
    torch.testing.assert_close(found.sum(1), torch.ones(2))  # nothing of a patch is lost
