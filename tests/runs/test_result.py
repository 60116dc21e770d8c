from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attnframe.runs.result import new_result, result_table

PROMISED = {
    "status", "plugin", "task", "attention", "data", "seed", "protocol", "metrics", "floor", "control", "parameters",
    "seconds", "throughput", "data_wait", "peak_memory_bytes", "checkpoint", "error",
}  # fmt: skip


def test_every_promised_field_is_there_from_the_start(toy_plan: Callable[..., Any]) -> None:
    result = new_result(toy_plan(seed=3))
    assert set(result) >= PROMISED
    assert (result["plugin"], result["task"], result["attention"], result["data"], result["seed"]) == (
        "toy", "symbol_counting", "mha", "symbols", 3,
    )  # fmt: skip


def test_the_table_shows_result_floor_and_control_side_by_side(toy_plan: Callable[..., Any]) -> None:
    result = new_result(toy_plan()) | {
        "status": "ok",
        "metrics": {"test/loss": 0.25, "test/accuracy": 0.9812},
        "floor": {"name": "commonest symbol", "test/accuracy": 0.25},
        "control": {"name": "attention=none", "test/loss": 1.0, "test/accuracy": 0.5},
        "parameters": 1234567,
        "seconds": 12.5,
        "throughput": 4321.0,
        "data_wait": 0.0123,
        "peak_memory_bytes": 512 * 2**20,
    }
    assert result_table(result).splitlines() == [
        "toy symbol_counting: attention=mha data=symbols seed=0 ok",
        "                      result  floor: commonest symbol  control: attention=none",
        "test/loss             0.2500                        -                   1.0000",
        "test/accuracy         0.9812                   0.2500                   0.5000",
        "parameters         1,234,567",
        "seconds              12.5000",
        "examples a second    4,321.0",
        "waiting for data        1.2%",
        "peak memory          512 MiB",
    ]


def test_other_simple_methods_are_told_even_where_they_win(toy_plan: Callable[..., Any]) -> None:
    others = {"kernels": {"test/accuracy": 0.99}, "neighbours": {"test/accuracy": 0.5, "test/loss": 2.0}}
    result = new_result(toy_plan()) | {
        "metrics": {"test/loss": 0.25, "test/accuracy": 0.9},
        "floor": {"name": "commonest symbol", "test/accuracy": 0.25, "others": others},
    }
    assert result_table(result).splitlines()[-2:] == [
        "test/loss of other simple methods: neighbours 2.0000",
        "test/accuracy of other simple methods: kernels 0.9900, neighbours 0.5000",
    ]


def test_the_protocol_stands_below_the_title(toy_plan: Callable[..., Any]) -> None:
    result = new_result(toy_plan()) | {"protocol": {"split": "random, seed 0", "folds": 10}}
    assert result_table(result).splitlines()[1] == "split: random, seed 0, folds: 10"


def test_a_result_with_nothing_beside_is_shown_too(toy_plan: Callable[..., Any]) -> None:
    lines = result_table(new_result(toy_plan())).splitlines()
    assert lines[0].endswith("failed")
    assert all("floor" not in line and "control" not in line for line in lines)
