"""The table of results, and what a run took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnframe.pictures import remark, table
from attnframe.pictures.table import Cell
from attnframe.runs.result import other_floors


def results(result: Mapping[str, Any]) -> list[str]:
    """Test metrics beside floor and control, the protocol they were measured under, and time, size and memory.

    Args:
        result: what ``result.json`` holds.
    """
    return [part for part in (_metrics(result), _protocol(result), _took(result)) if part]


def _metrics(result: Mapping[str, Any]) -> str:
    metrics: Mapping[str, Any] = result.get("metrics") or {}
    if not metrics:
        return ""
    beside = {kind: result.get(kind) or {} for kind in ("floor", "control")}
    shown = {kind: values for kind, values in beside.items() if any(name in values for name in metrics)}
    heads = [f"{kind}: {values['name']}" if "name" in values else kind for kind, values in shown.items()]
    rows: list[list[Cell]] = [
        [name, _number(value), *(_number(values.get(name)) for values in shown.values())]
        for name, value in metrics.items()
    ]
    shown_table = table(["", "result", *heads], rows, "Test metrics of the best checkpoint")
    return "".join([shown_table, *map(remark, other_floors(result))])


def _protocol(result: Mapping[str, Any]) -> str:
    protocol: Mapping[str, Any] = result.get("protocol") or {}
    return remark("; ".join(f"{name}: {_told(value)}" for name, value in protocol.items())) if protocol else ""


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(inner)}" for name, inner in value.items())
    return ", ".join(map(_told, value)) if isinstance(value, list) else str(value)


def _took(result: Mapping[str, Any]) -> str:
    memory, wait = result.get("peak_memory_bytes"), result.get("data_wait")
    facts: list[list[Cell]] = [
        ["parameters", _number(result.get("parameters"))],
        ["steps", _number(result.get("steps"))],
        ["epochs", _rounded(result.get("epochs"))],
        ["seconds of fit and test", _rounded(result.get("seconds"))],
        ["examples a second in training", _rounded(result.get("throughput"))],
        ["waiting for data", None if wait is None else f"{wait:.1%}"],
        ["peak memory", None if memory is None else f"{memory / 2**20:,.0f} MiB"],
    ]
    return table(["", "value"], [fact for fact in facts if fact[1] is not None], "What the run took")


def _number(value: Any) -> Cell:
    return value if isinstance(value, int | float) else None


def _rounded(value: Any) -> Cell:
    return f"{value:,.1f}" if isinstance(value, int | float) else None
