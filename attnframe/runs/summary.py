"""The summary of a sweep: one row a configuration, mean and deviation over seeds and folds. Torch-free."""

from __future__ import annotations

import csv
import html
import io
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnframe.runs.atomic import write_text
from attnframe.runs.folder import RunFolder

REPEATS = ("seed", "data.fold")
"""Overrides that make repeats of one configuration rather than configurations."""
NAMED = ("plugin", "task", "attention", "data")


@dataclass(frozen=True)
class Row:
    """One configuration of a sweep.

    Args:
        settings: what tells it apart from the other rows.
        runs: number of its runs. done: how many of them ended well.
        metrics: mean and sample deviation of each metric over the runs that ended well; no deviation for a single run.
        seconds: mean time of those runs.
        errors: what the others ended with.
    """

    settings: Mapping[str, str]
    runs: int
    done: int
    metrics: Mapping[str, tuple[float, float | None]]
    seconds: float | None
    errors: tuple[str, ...]


@dataclass(frozen=True)
class SweepRun:
    """One run of a sweep.

    Args:
        folder: its run folder.
        settings: of its configuration; runs that only differ in seed or fold have the same.
        result: how it ended.
    """

    folder: Path
    settings: Mapping[str, str]
    result: Mapping[str, Any]


def read_runs(sweep: Path) -> list[SweepRun]:
    """The runs of a sweep folder, in the order of its jobs."""
    folders = [folder for folder in sorted(sweep.glob("*/"), key=_job_order) if RunFolder(folder).config.exists()]
    jobs = [_read_job(folder) for folder in folders]
    varying = _varying([overrides for overrides, _ in jobs])
    return [
        SweepRun(
            folder, {name: str(result[name]) for name in NAMED} | {key: said.get(key, "") for key in varying}, result
        )
        for folder, (said, result) in zip(folders, jobs, strict=True)
    ]


def rows_of(runs: Sequence[SweepRun]) -> list[Row]:
    """One row for each configuration, in the order of its first run."""
    groups: dict[tuple[tuple[str, str], ...], list[Mapping[str, Any]]] = {}
    for run in runs:
        groups.setdefault(tuple(run.settings.items()), []).append(run.result)
    return [_row(dict(settings), results) for settings, results in groups.items()]


def read_rows(sweep: Path) -> list[Row]:
    """The rows of a sweep folder, in the order of its jobs."""
    return rows_of(read_runs(sweep))


def write_summary(sweep: Path, rows: Sequence[Row]) -> None:
    """Write summary.csv, summary.md and summary.html into a sweep folder."""
    write_text(sweep / "summary.csv", _csv(rows))
    header, cells = summary_cells(rows)
    write_text(sweep / "summary.md", _markdown(header, cells))
    write_text(sweep / "summary.html", _html(sweep.name, header, cells))


def summary_table(rows: Sequence[Row]) -> str:
    """The rows as an aligned text table."""
    header, cells = summary_cells(rows)
    widths = [max(len(line[column]) for line in [header, *cells]) for column in range(len(header))]
    lines = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in [header, *cells]]
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _job_order(folder: Path) -> tuple[int, str]:
    return (int(folder.name) if folder.name.isdigit() else 10**9, folder.name)


def _read_job(folder: Path) -> tuple[dict[str, str], dict[str, Any]]:
    run = RunFolder(folder)
    values, lines = run.read_config()
    result = run.read_result()
    if result is None:  # killed before it could say so
        names = {name: values[name] for name in ("plugin", "task")}
        names |= {name: values[name]["name"] for name in ("attention", "data")}
        result = {**names, "status": "interrupted", "error": "killed"}
    return dict(line.partition("=")[::2] for line in lines), result


def _varying(jobs: Sequence[Mapping[str, str]]) -> list[str]:
    keys = dict.fromkeys(key for overrides in jobs for key in overrides)
    return [
        key for key in keys if key not in (*REPEATS, *NAMED) and len({overrides.get(key) for overrides in jobs}) > 1
    ]


def _row(settings: Mapping[str, str], results: Sequence[Mapping[str, Any]]) -> Row:
    done = [result for result in results if result["status"] == "ok"]
    names = dict.fromkeys(name for result in done for name in result["metrics"])
    metrics = {}
    for name in names:
        numbers = [float(result["metrics"][name]) for result in done if name in result["metrics"]]
        metrics[name] = (statistics.fmean(numbers), statistics.stdev(numbers) if len(numbers) > 1 else None)
    errors = tuple(str(result.get("error") or result["status"]) for result in results if result["status"] != "ok")
    seconds = statistics.fmean(float(result["seconds"]) for result in done) if done else None
    return Row(settings, len(results), len(done), metrics, seconds, tuple(dict.fromkeys(errors)))


def summary_cells(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """The table of a summary: its header, and the cells of each row."""
    settings = list(dict.fromkeys(name for row in rows for name in row.settings))
    metrics = list(dict.fromkeys(name for row in rows for name in row.metrics))
    failing = any(row.errors for row in rows)
    header = [*settings, "runs", *metrics, "seconds", *(["error"] if failing else [])]
    cells = []
    for row in rows:
        runs = str(row.runs) if row.done == row.runs else f"{row.done} of {row.runs}"
        numbers = [_with_deviation(row.metrics.get(name)) for name in metrics]
        seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
        errors = [" | ".join(row.errors)] if failing else []
        cells.append([*(row.settings.get(name, "") for name in settings), runs, *numbers, seconds, *errors])
    return header, cells


def _with_deviation(measured: tuple[float, float | None] | None) -> str:
    if measured is None:
        return ""
    mean, deviation = measured
    return f"{mean:.4f}" if deviation is None else f"{mean:.4f} ± {deviation:.4f}"


def _csv(rows: Sequence[Row]) -> str:
    settings = list(dict.fromkeys(name for row in rows for name in row.settings))
    metrics = list(dict.fromkeys(name for row in rows for name in row.metrics))
    spread = [column for name in metrics for column in (name, f"{name}_std")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*settings, "runs", "done", *spread, "seconds", "error"])
    for row in rows:
        numbers = [number for name in metrics for number in row.metrics.get(name, (None, None))]
        named = [row.settings.get(name, "") for name in settings]
        writer.writerow([*named, row.runs, row.done, *numbers, row.seconds, " | ".join(row.errors)])
    return text.getvalue()


def _markdown(header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    lines = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in [header, *cells]]
    lines.insert(1, ["---"] * len(header))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sweep {title}</title>
<style>
body {{ font-family: sans-serif }}
table {{ border-collapse: collapse }}
td, th {{ border: 1px solid #ccc; padding: 4px 8px; text-align: left }}
</style></head>
<body><h1>Sweep {title}</h1>
<table>
{rows}</table></body></html>
"""


def _html(title: str, header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    def line(tag: str, row: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row) + "</tr>\n"

    rows = "".join([line("th", header), *(line("td", row) for row in cells)])
    return _PAGE.format(title=html.escape(title), rows=rows)
