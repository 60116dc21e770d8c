"""The page about a sweep."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from attnframe.pictures import Section, bars, gallery, page, paragraph, remark, table
from attnframe.report.curves import sweep_curves
from attnframe.report.origin import origin
from attnframe.report.run_page import read_panels
from attnframe.report.training_log import TrainingLog
from attnframe.runs.folder import RunFolder
from attnframe.runs.summary import Row, SweepRun, read_runs, rows_of, summary_cells

MOST_CURVES = 8
"""Configurations that one drawing of curves has colours for."""


def sweep_page(sweep: Path, published: Sequence[str] = ()) -> str:
    """The page, from the run folders of a sweep.

    Args:
        sweep: the folder that they lie in. published: numbers to compare with, in words.
    """
    runs = read_runs(sweep)
    rows = rows_of(runs)
    done, names = sum(row.done for row in rows), _names(rows)
    ended = f"{len(rows)} configurations, {done} of {len(runs)} runs ended well."
    shared = ", ".join(f"{key}={rows[0].settings[key]}" for key in _shared(rows))
    head = [
        paragraph(" ".join(part for part in (f"{shared}." if shared else "", ended, f"Sweep {sweep.name}.") if part))
    ]
    sections = [Section("Results", [*_results(rows, names), *map(paragraph, published)])]
    for task in dict.fromkeys(row.settings["task"] for row in rows):
        chosen = [number for number, row in enumerate(rows) if row.settings["task"] == task]
        sections.append(_of_task(task, {names[number]: rows[number] for number in chosen}, runs))
    sections.append(origin(RunFolder(runs[0].folder)) if runs else Section("Configuration and environment", []))
    return page(f"Sweep over {_varied(rows)}", sections, head)


def _results(rows: Sequence[Row], names: Sequence[str]) -> list[str]:
    """The table of a summary without what is the same in all rows, and below it what went wrong."""
    header, cells = summary_cells(rows)
    left_out = {*_shared(rows), "error"}
    kept = [number for number, name in enumerate(header) if name not in left_out]
    parts = [
        table(
            [header[number] for number in kept],
            [[row[number] for number in kept] for row in cells],
            "Mean and sample deviation over seeds and folds",
        )
    ]
    wrong = [[name, error] for name, row in zip(names, rows, strict=True) for error in row.errors]
    return [*parts, table(["configuration", "error"], wrong, "What went wrong")] if wrong else parts


def _shared(rows: Sequence[Row]) -> list[str]:
    """Settings that are the same in all rows, but for the attention."""
    keys = [key for key in (rows[0].settings if rows else ()) if key != "attention"]
    return [key for key in keys if len({row.settings.get(key) for row in rows}) == 1]


def _of_task(task: str, rows: Mapping[str, Row], runs: Sequence[SweepRun]) -> Section:
    """Bars of the main metric and curves of the configurations of one task."""
    of_row = {name: [run for run in runs if run.settings == dict(row.settings)] for name, row in rows.items()}
    metric = next((read_panels(RunFolder(run.folder)).get("metric") for some in of_row.values() for run in some), None)
    drawn = []
    measured = {name: row.metrics[f"test/{metric}"] for name, row in rows.items() if f"test/{metric}" in row.metrics}
    if measured:
        floors = [
            value
            for some in of_row.values()
            for run in some
            if isinstance(value := (run.result.get("floor") or {}).get(f"test/{metric}"), int | float)
        ]
        marks = {"floor": math.fsum(floors) / len(floors)} if floors else None
        means, deviations = [mean for mean, _ in measured.values()], [deviation for _, deviation in measured.values()]
        drawn.append(bars([*measured], means, f"test/{metric}", errors=deviations, marks=marks))
    logs = {
        name: [TrainingLog.read(RunFolder(run.folder).metrics) for run in some]
        for name, some in [*of_row.items()][:MOST_CURVES]
    }
    parts = [gallery(drawn + sweep_curves(logs, metric))]
    if len(of_row) > MOST_CURVES:
        parts.append(remark(f"Curves of the first {MOST_CURVES} of {len(of_row)} configurations."))
    return Section(task.replace("_", " ").capitalize(), [part for part in parts if part])


def _names(rows: Sequence[Row]) -> list[str]:
    """What tells the configurations apart."""
    varied = [key for key in (rows[0].settings if rows else ()) if len({row.settings.get(key) for row in rows}) > 1]
    return [
        " ".join(_shown(key, row.settings.get(key, "")) for key in varied) or row.settings["attention"] for row in rows
    ]


def _shown(key: str, value: str) -> str:
    return value if key in ("attention", "task", "data", "plugin") else f"{key}={value}"


def _varied(rows: Sequence[Row]) -> str:
    keys = list(dict.fromkeys(key for row in rows for key in row.settings))
    varied = [key for key in keys if len({row.settings.get(key) for row in rows}) > 1]
    return ", ".join(varied) or "seeds"
