"""Ridge regression in closed form, held against scikit-learn's."""

from __future__ import annotations

import torch
from attnframe_timeseries.data.ridge import RidgeSums
from attnframe_timeseries.data.windows import Windows
from sklearn.linear_model import Ridge


def test_it_is_the_ridge_regression_of_differences_to_the_last_value() -> None:
    torch.manual_seed(0)
    series = torch.randn(2, 700).cumsum(1) / 10
    windows = Windows(series, 0, 690, 8, 3)
    weight, bias = RidgeSums.of(windows, 8, 3).solve(0.05)
    batch = windows.batch(torch.arange(690))
    last = batch["past"][..., -1:]
    x, y = (part.flatten(0, 1).double().numpy() for part in (batch["past"] - last, batch["future"] - last))
    oracle = Ridge(alpha=0.05 * len(x) * (x**2).mean()).fit(x, y)
    torch.testing.assert_close(weight, torch.from_numpy(oracle.coef_).float(), atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(bias, torch.from_numpy(oracle.intercept_).float(), atol=1e-4, rtol=1e-3)


def test_series_that_stand_still_are_forecast_to_stand_still() -> None:
    weight, bias = RidgeSums.of(Windows(torch.ones(1, 50), 0, 40, 4, 2), 4, 2).solve(0.1)
    assert not weight.any()
    assert not bias.any()
