"""What a suite came to, as plain values: one row for each cell and variant, and a score for each pattern."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attnframe.baselines.cases import calibration_error, right, scores_by_class
from attnframe.baselines.composite import Measured, composites
from attnframe.baselines.execute import Outcome, Outcomes
from attnframe.baselines.runs import CellPlan
from attnframe.baselines.statistics import bootstrap_interval, paired_p, spread
from attnframe.baselines.suite import CONTROL, PATTERNS
from attnframe.runs.environment import hardware

LEVEL = 0.05
"""A difference is told to be more than noise when its p-value is below."""
ACCURACY = "test/accuracy"
"""The metric that is the mean over test cases of being right."""
Values = dict[str, Any]


def summarise(outcomes: Outcomes, suite: str, command: str) -> Values:
    """Everything about a suite.

    Args:
        outcomes: what it came to. suite: its name. command: the command line.
    """
    ended = [outcome for outcome in outcomes.runs if outcome.content is not None]
    cells = [_cell(outcomes, cell) for cell in outcomes.plan.cells.values()]
    return {
        "suite": suite,
        "command": command,
        "runs": len(outcomes.runs),
        "ended": len(ended),
        "failed": sum(outcome.content["status"] != "ok" for outcome in ended if outcome.content),
        "wall_seconds": round(sum(outcome.content["wall_seconds"] for outcome in ended if outcome.content), 1),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "commits": sorted({str(outcome.content.get("commit")) for outcome in ended if outcome.content}),
        "hardware": hardware(),
        "cells": cells,
        "patterns": _patterns(cells),
        "refused": [{"cell": one.cell, "attention": one.attention, "reason": one.reason} for one in outcomes.refusals],
    }


def _cell(outcomes: Outcomes, cell: CellPlan) -> Values:
    known, row = outcomes.data[cell.name], cell.definition
    own = [outcome for outcome in outcomes.runs if outcome.run.cell == cell.name]
    by_variant: dict[str, list[Outcome]] = {}
    for outcome in own:
        by_variant.setdefault(outcome.run.attention, []).append(outcome)
    control = by_variant.get(CONTROL, ())
    floor = known["floor"] or {}
    told = row.protocol if row else _in_words(known["protocol"])
    return {
        "name": cell.name,
        "pattern": cell.cell.pattern,
        "plugin": cell.base.plugin.name,
        "task": cell.base.task.name,
        "data": cell.base.data.name,
        "overrides": [*cell.base.overrides],
        "metric": cell.metric,
        "better": cell.better,
        "protocol": "; ".join([*filter(None, [told]), f"here at most {cell.base.trainer.max_time} of fit"]),
        "data_hash": known["data_hash"],
        "test_examples": known["examples"],
        "floor": {"name": floor.get("name"), "value": floor[cell.metric]} if cell.metric in floor else None,
        "published": [vars(one) for one in row.numbers] if row and row.metric == cell.metric else [],
        "rows": [_row(cell, name, runs, control) for name, runs in by_variant.items()],
    }


def _row(cell: CellPlan, attention: str, runs: Sequence[Outcome], control: Sequence[Outcome]) -> Values:
    done = [run.content for run in runs if run.content is not None and run.content["status"] == "ok"]
    values = _by_seed(runs, cell.metric)
    beside = _by_seed(control, cell.metric)
    pairs = [values[seed] - beside[seed] for seed in values if seed in beside]
    found = spread([*values.values()]) if values else None
    p = None if attention == CONTROL else paired_p(pairs)
    difference = statistics.fmean(pairs) if pairs and attention != CONTROL else None
    cases = [run.cases for run in runs if run.cases is not None]
    by_case = attention != CONTROL and cell.metric == ACCURACY and bool(cases)
    difference_interval = _paired_interval(runs, control) if by_case else None
    return {
        "attention": attention,
        "runs": len(runs),
        "done": len(done),
        "values": {str(seed): value for seed, value in values.items()},
        "mean": found.mean if found else None,
        "deviation": found.deviation if found else None,
        "interval": _interval([right(one) for one in cases]) if cases and cell.metric == ACCURACY else None,
        "difference": difference,
        "p": p,
        "difference_interval": difference_interval,
        "verdict": _verdict(difference, p, difference_interval, cell.better),
        "parameters": done[0]["parameters"] if done else None,
        "flops": done[0]["flops"] if done else None,
        "seconds": _mean(done, "seconds"),
        "peak_memory_bytes": _mean(done, "peak_memory_bytes"),
        "epochs": _mean(done, "epochs"),
        "throughput": _mean(done, "throughput"),
        "calibration_error": statistics.fmean(map(calibration_error, cases)) if cases else None,
        "classes": scores_by_class(cases) if cases else [],
        "errors": sorted({str(run.content["error"]) for run in runs if run.content and run.content["error"]}),
    }


def _by_seed(runs: Iterable[Outcome], metric: str) -> dict[int, float]:
    return {
        run.run.seed: run.content["metrics"][metric]
        for run in runs
        if run.content is not None and metric in run.content.get("metrics", {})
    }


def _paired_interval(runs: Sequence[Outcome], control: Sequence[Outcome]) -> tuple[float, float] | None:
    """Bootstrap interval over test cases of the difference in accuracy, seeds paired and meaned for each case."""
    beside = {run.run.seed: run.cases for run in control if run.cases is not None}
    pairs = [(run.cases, beside.get(run.run.seed)) for run in runs]
    return _interval([right(own) - right(other) for own, other in pairs if own is not None and other is not None])


def _interval(by_seed: Sequence[NDArray[np.float64]]) -> tuple[float, float] | None:
    return bootstrap_interval(np.mean(by_seed, 0)) if by_seed else None


def _verdict(difference: float | None, p: float | None, interval: tuple[float, float] | None, better: str) -> str:
    """What a difference to the control comes to, in words; empty where there is none.

    It is more than noise when neither the choice of seeds (p) nor that of test cases (the interval) explains it, as far
    as either is known.
    """
    if difference is None:
        return ""
    if p is None and interval is None:
        return "one seed"
    if (p is not None and p >= LEVEL) or (interval is not None and interval[0] <= 0 <= interval[1]):
        return "within noise"
    return "better" if (difference > 0) == (better == "max") else "worse"


def _patterns(cells: Sequence[Values]) -> list[Values]:
    found = []
    for pattern in PATTERNS:
        own = [cell for cell in cells if cell["pattern"] == pattern]
        measured = [
            Measured(
                1 if cell["better"] == "max" else -1,
                {row["attention"]: {int(seed): x for seed, x in row["values"].items()} for row in cell["rows"]},
            )
            for cell in own
        ]
        scores = [
            {"attention": name, "score": one.score.mean, "deviation": one.score.deviation, "cells": one.cells}
            for name, one in composites(measured).items()
        ]
        if scores:
            found.append({"pattern": pattern, "cells": [cell["name"] for cell in own], "scores": scores})
    return found


def _mean(contents: Sequence[Mapping[str, Any]], name: str) -> float | None:
    numbers = [float(content[name]) for content in contents if content.get(name) is not None]
    return statistics.fmean(numbers) if numbers else None


def _in_words(protocol: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in protocol.items())
