"""The table of a suite: for the terminal and as CSV. Torch-free."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]
HEAD = ("attention", "result", "to control", "p", "", "ECE", "parameters", "MFLOP", "s", "MiB", "note")
"""Columns of the table of one cell."""
COLUMNS = (
    *("pattern", "cell", "plugin", "task", "data", "metric", "better", "attention", "runs", "done"),
    *("mean", "deviation", "interval", "difference", "p", "difference_interval", "verdict", "control"),
    *("floor", "floor_name", "published", "published_source", "calibration_error", "parameters", "flops"),
    *("seconds", "peak_memory_bytes", "epochs", "throughput", "test_examples", "data_hash", "protocol", "errors"),
)
"""Columns of the CSV file."""


def heading(cell: Values) -> str:
    """What a cell is and what its numbers stand beside, on one line."""
    arrow = "more is better" if cell["better"] == "max" else "less is better"
    parts = [f"{cell['name']}: {cell['task']} data={cell['data']}, {cell['metric']}, {arrow}"]
    if cell["floor"]:
        parts.append(f"floor {number(cell['floor']['value'])} ({cell['floor']['name']})")
    parts += [f"published {one['value']:g} ({one['source']})" for one in cell["published"]]
    return "; ".join(parts)


def cell_rows(cell: Values) -> list[list[str]]:
    """The rows of one cell, as `HEAD` names them, best first."""
    sign = -1 if cell["better"] == "max" else 1
    measured = sorted((row for row in cell["rows"] if row["mean"] is not None), key=lambda row: sign * row["mean"])
    rows = []
    for row in [*measured, *(row for row in cell["rows"] if row["mean"] is None)]:
        notes = [f"{row['done']} of {row['runs']} runs"] if row["done"] < row["runs"] else []
        rows.append(
            [
                row["attention"],
                with_deviation(row["mean"], row["deviation"]),
                "" if row["difference"] is None else f"{row['difference']:+.4f}",
                "" if row["p"] is None else f"{row['p']:.3f}",
                row["verdict"] or ("control" if row["attention"] == "none" else ""),
                "" if row["calibration_error"] is None else f"{row['calibration_error']:.3f}",
                "" if row["parameters"] is None else f"{row['parameters']:,}",
                "" if row["flops"] is None else f"{row['flops'] / 1e6:,.1f}",
                "" if row["seconds"] is None else f"{row['seconds']:.1f}",
                "" if row["peak_memory_bytes"] is None else f"{row['peak_memory_bytes'] / 2**20:,.0f}",
                "; ".join([*notes, *row["errors"]]),
            ]
        )
    return rows


def pattern_rows(summary: Values) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the scores: a variant each, its score on each pattern, best mean first."""
    patterns = summary["patterns"]
    scores = {one["pattern"]: {score["attention"]: score for score in one["scores"]} for one in patterns}
    names = dict.fromkeys(name for by_name in scores.values() for name in by_name)
    rows = []
    for name in names:
        cells = []
        for one in patterns:
            score = scores[one["pattern"]].get(name)
            part = "" if score is None or score["cells"] == len(one["cells"]) else f" ({score['cells']} cells)"
            cells.append("" if score is None else f"{with_deviation(score['score'], score['deviation'], 2)}{part}")
        rows.append([name, *cells])
    return ["attention", *(f"{one['pattern']} ({len(one['cells'])})" for one in patterns)], rows


def class_rows(cell: Values) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the classes: F1 of each variant, mean over seeds, the class that is worst first; none where
    the task has none."""
    measured = [row for row in cell["rows"] if row["classes"]]
    if not measured:
        return [], []
    scores = {row["attention"]: {one["class"]: one["f1"] for one in row["classes"]} for row in measured}
    classes = sorted(
        measured[0]["classes"], key=lambda one: sum(by_class[one["class"]] for by_class in scores.values())
    )
    rows = [
        [one["class"], str(one["cases"]), *(number(by_class[one["class"]], 3) for by_class in scores.values())]
        for one in classes
    ]
    return ["class", "test cases", *scores], rows


def refused_rows(summary: Values) -> list[list[str]]:
    """Cells, variant and reason of each pair that was refused; the cells of one reason in one row."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in summary["refused"]:
        found.setdefault((one["attention"], one["reason"]), []).append(one["cell"])
    return [[name, ", ".join(cells), reason] for (name, reason), cells in found.items()]


def as_csv(summary: Values) -> str:
    """One line for each cell and variant, with all numbers in full."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for cell in summary["cells"]:
        control = next((row["mean"] for row in cell["rows"] if row["attention"] == "none"), None)
        beside = {"control": control, "cell": cell["name"], "floor": None, "floor_name": None}
        if cell["floor"]:
            beside |= {"floor": cell["floor"]["value"], "floor_name": cell["floor"]["name"]}
        beside["published"] = "; ".join(f"{one['value']:g}" for one in cell["published"])
        beside["published_source"] = "; ".join(one["source"] for one in cell["published"])
        for row in cell["rows"]:
            intervals = {name: _bounds(row[name]) for name in ("interval", "difference_interval")}
            writer.writerow({**cell, **beside, **row, **intervals, "errors": "; ".join(row["errors"])})
    return text.getvalue()


SCORE = (
    "Score: standard scores over the variants of a cell, averaged over the cells of a pattern, with the deviation over "
    "seeds; two variants whose scores differ by less than that are not told apart. The number of cells stands behind "
    "the pattern."
)
"""How the composite score is to be read."""


def introduction(summary: Values) -> str:
    """How the numbers are to be read, and where they come from."""
    return (
        f"{summary['ended']} of {summary['runs']} runs ended, {summary['failed']} of them failed; "
        f"{summary['wall_seconds']:,.0f} s of runs on {summary['hardware']}, {summary['date']}. Results are means "
        "with their deviation over seeds. The control is the same model and budget with uniform weights "
        "(attention=none); p is Student's paired t over the seeds. A difference is told to be more than noise where p "
        "is below 0.05 and, for accuracies, a bootstrap over the test cases (95 %, seeds paired) leaves 0 out; each "
        "comparison stands by itself, so of twenty that differ by nothing one may be told to differ. ECE is the "
        "expected calibration error. Time is that of fit and test, memory the peak of the run's own process, MFLOP "
        "those of one forward pass of one example."
    )


def with_deviation(mean: float | None, deviation: float | None, digits: int = 4) -> str:
    """A mean, with its deviation where there is one."""
    if mean is None:
        return ""
    return number(mean, digits) + ("" if deviation is None else f" ± {number(deviation, digits)}")


def number(value: float, digits: int = 4) -> str:
    """A number in a table."""
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.{digits}f}"


def _bounds(interval: Sequence[float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.4f} to {interval[1]:.4f}"
