"""The table of results."""

from __future__ import annotations

from attnframe.report.results import results


def test_what_is_not_known_is_left_out() -> None:
    (took,) = results({"metrics": {}, "parameters": 5, "floor": None, "control": None, "peak_memory_bytes": None})
    assert "parameters" in took
    assert "peak memory" not in took


def test_a_floor_of_other_metrics_is_no_column() -> None:
    table, _ = results({"metrics": {"test/loss": 1.0}, "floor": {"name": "mean", "test/rmse": 1.0}, "steps": 1})
    assert "floor" not in table


def test_a_metric_that_is_no_number_is_a_dash() -> None:
    table, _ = results({"metrics": {"test/loss": None}, "steps": 1})
    assert ">–<" in table


def test_the_protocol_is_written_as_words() -> None:
    protocol = {"borders": [142, 173], "windows": {"train": 123, "val": 28}}
    _, told, _ = results({"metrics": {"test/loss": 1.0}, "protocol": protocol, "steps": 1})
    assert told == '<p class="remark">borders: 142, 173; windows: train 123, val 28</p>'


def test_other_simple_methods_stand_below_the_metrics() -> None:
    floor = {"name": "mean", "test/rmse": 2.0, "others": {"trees": {"test/rmse": 0.5}}}
    table, _ = results({"metrics": {"test/rmse": 1.0}, "floor": floor, "steps": 1})
    assert table.endswith('<p class="remark">test/rmse of other simple methods: trees 0.5000</p>')
