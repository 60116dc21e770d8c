"""Learning curves."""

from __future__ import annotations

from collections.abc import Mapping

from attnframe.pictures import Line, lines
from attnframe.report.training_log import TrainingLog


def run_curves(logs: Mapping[str, TrainingLog], metric: str | None) -> list[str]:
    """Loss, main metric, learning rate, norm of the gradients and what else was watched, over the steps.

    Args:
        logs: of the run under the name ``""``, and of others to compare with by name, such as its control.
        metric: name of the main metric without stage; None when it is not known.
    """
    own = logs[""]
    loss = [*_lines(logs, "train/loss"), *_lines(logs, "val/loss")]
    drawn = [_drawn("Loss", loss, "loss")]
    if metric not in (None, "loss"):
        drawn.append(_drawn(f"Validation {metric}", _lines(logs, f"val/{metric}"), str(metric)))
    drawn.append(_drawn("Learning rate", _lines({"": own}, "lr"), "learning rate"))
    shown = {"step", "epoch", "seconds", "lr", "train/loss", "val/loss", f"val/{metric}"}
    for name in own.columns:
        if name not in shown and not name.startswith("val/"):
            title = "Norm of the gradients, before clipping" if name == "train/gradient_norm" else name
            drawn.append(_drawn(title, _lines({"": own}, name), "", log=name == "train/gradient_norm"))
    return [one for one in drawn if one]


def sweep_curves(logs: Mapping[str, list[TrainingLog]], metric: str | None) -> list[str]:
    """Validation loss and main metric of each configuration: the mean of its runs at each step that all of them
    logged, in a band from the lowest to the highest.

    Args:
        logs: of the runs of each configuration, by its name.
        metric: as in `run_curves`.
    """
    names = [("Validation loss", "val/loss"), *([(f"Validation {metric}", f"val/{metric}")] if metric else [])]
    drawn = []
    for title, column in names:
        series = [line for name, some in logs.items() if (line := _mean(name, some, column))]
        drawn.append(_drawn(title, series, column.removeprefix("val/")))
    return [one for one in drawn if one]


def _lines(logs: Mapping[str, TrainingLog], column: str) -> list[Line]:
    found = []
    for name, log in logs.items():
        steps, values = log.series(column)
        if steps:
            found.append(Line(f"{column}, {name}" if name else column, steps, values))
    return found


def _mean(name: str, logs: list[TrainingLog], column: str) -> Line | None:
    runs = [dict(zip(*log.series(column), strict=True)) for log in logs]
    runs = [run for run in runs if run]
    steps = sorted(set(runs[0]).intersection(*runs[1:])) if runs else []
    if not steps:
        return None
    values = [[run[step] for run in runs] for step in steps]
    middle = [sum(row) / len(row) for row in values]
    if len(runs) == 1:
        return Line(name, steps, middle)
    return Line(name, steps, middle, [min(row) for row in values], [max(row) for row in values])


def _drawn(title: str, series: list[Line], y_label: str, log: bool = False) -> str:
    return lines(series, title, "step", y_label, log=log) if series else ""
