"""result.json and the table that a run ends with. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnframe.plan import RunPlan


def new_result(plan: RunPlan) -> dict[str, Any]:
    """The result of a run that has only begun: every promised field, filled in as the run goes on."""
    return {
        "status": "failed",
        "plugin": plan.plugin.name,
        "task": plan.task.name,
        "attention": plan.parts.attention.name,
        "position": plan.parts.position.name,
        "data": plan.data.name,
        "seed": plan.seed,
        "protocol": {},
        "metrics": {},
        "floor": None,
        "control": None,
        "parameters": None,
        "steps": 0,
        "epochs": 0.0,
        "seconds": 0.0,
        "throughput": None,
        "data_wait": None,
        "peak_memory_bytes": None,
        "checkpoint": None,
        "error": None,
    }


def result_table(result: Mapping[str, Any]) -> str:
    """The result as a small table: one line for each test metric with floor and control beside, then what the run
    took."""
    floor, control = result["floor"] or {}, result["control"] or {}
    beside = {"floor": floor, "control": control}
    shown = [
        name for name, values in beside.items() if any(isinstance(value, int | float) for value in values.values())
    ]
    rows = [["", "result", *(f"{name}: {beside[name]['name']}" if "name" in beside[name] else name for name in shown)]]
    for metric, value in result["metrics"].items():
        rows.append([metric, _number(value), *(_number(beside[name].get(metric)) for name in shown)])
    rows.append(["parameters", _number(result["parameters"])])
    rows.append(["seconds", _number(result["seconds"])])
    rows.append(["examples a second", _number(result["throughput"])])
    rows.append(["waiting for data", _percent(result["data_wait"])])
    rows.append(["peak memory", _megabytes(result["peak_memory_bytes"])])
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(len(rows[0]))]
    chosen = f"attention={result['attention']} data={result['data']} seed={result['seed']}"
    title = f"{result['plugin']} {result['task']}: {chosen} {result['status']}"
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        for row in rows
    ]
    protocol = ", ".join(f"{name}: {value}" for name, value in result["protocol"].items())
    return "\n".join(
        [title, *([protocol] if protocol else []), *(line.rstrip() for line in lines), *other_floors(result)]
    )


def other_floors(result: Mapping[str, Any]) -> list[str]:
    """A sentence for each test metric of simple methods besides the floor, which validation chose among them: the test
    part may be kinder to another."""
    others: Mapping[str, Any] = (result.get("floor") or {}).get("others", {})
    told = []
    for metric in result.get("metrics") or {}:
        scores = [f"{name} {_number(values[metric])}" for name, values in others.items() if metric in values]
        told += [f"{metric} of other simple methods: {', '.join(scores)}"] * bool(scores)
    return told


def _number(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.4f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _megabytes(size: int | None) -> str:
    return "-" if size is None else f"{size / 2**20:,.0f} MiB"
