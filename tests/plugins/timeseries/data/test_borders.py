"""Parts in rows and windows, as papers count them."""

from __future__ import annotations

from attnframe_timeseries.data.borders import border_faults, borders_of, stretches
from attnframe_timeseries.recipes.ett import ETTh1, ETTm1
from attnframe_timeseries.recipes.series_csv import SeriesCsv


def test_every_test_window_of_the_transformers_is_counted() -> None:
    train, val, test = stretches(borders_of(ETTh1(), 17_420), 336, 96)
    assert (train.first, train.count) == (0, 8640 - 336 - 96 + 1)
    assert (val.first, val.count) == (8640 - 336, 2880 - 96 + 1)
    assert (test.first, test.count) == (11520 - 336, 2880 - 96 + 1)
    assert stretches(borders_of(ETTm1(), 69_680), 336, 96)[2].count == 11_520 - 96 + 1


def test_fractions_cut_in_time() -> None:
    assert borders_of(SeriesCsv(path="x", split=(0.7, 0.1, 0.2)), 7588) == (5311, 6071, 7588)


def test_each_part_without_a_window_is_told() -> None:
    recipe = SeriesCsv(path="x", lookback=10, horizon=5, borders=(12, 15, 40))
    told = [str(fault) for fault in border_faults(recipe, (12, 15, 40), 40, 10, 5)]
    assert told == [
        "data.borders must leave train at least 15 rows, its lookback and horizon, for one window. "
        "Got 12 rows with [12, 15, 40]. Give it more rows, or lower data.lookback and data.horizon.",
        "data.borders must leave val at least 5 rows, its horizon, for one window. "
        "Got 3 rows with [12, 15, 40]. Give it more rows, or lower data.lookback and data.horizon.",
    ]


def test_a_part_without_rows_is_told() -> None:
    recipe = SeriesCsv(path="x", lookback=10, horizon=5, split=(0.9, 0.0, 0.1))
    told = [str(fault) for fault in border_faults(recipe, borders_of(recipe, 100), 100, 10, 5)]
    assert len(told) == 1
    assert "data.split must leave val at least 5 rows" in told[0]
    assert "Got 0 rows with [0.9, 0.0, 0.1]" in told[0]


def test_borders_beyond_the_table_are_told() -> None:
    recipe = SeriesCsv(path="x", borders=(50, 80, 120))
    (fault,) = border_faults(recipe, (50, 80, 120), 100, 10, 5)
    assert str(fault) == "data.borders must end within the table, which has 100 rows. Got [50, 80, 120]."
