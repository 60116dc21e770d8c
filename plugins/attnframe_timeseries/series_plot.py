"""Plots of labelled series: each case with its label and probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy.typing as npt
from matplotlib.figure import Figure

from attnframe_timeseries.series_inputs import named_series

COLUMNS, ROWS = 4, 6
"""Panels of a sheet."""


def save_plots(records: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Draw the series of prediction records, read again from their files, at most 24 on a sheet.

    Args:
        records: with ``input`` (as `read_series` names a case), ``label`` and ``probability``.
        folder: where ``series-1.png``, … are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    series = named_series(record["input"] for record in records)
    written = []
    for number, first in enumerate(range(0, len(records), COLUMNS * ROWS), start=1):
        path = folder / f"series-{number}.png"
        draw(records[first : first + COLUMNS * ROWS], series).savefig(path, dpi=120)
        written.append(path)
    return written


def draw(records: Sequence[Mapping[str, Any]], series: Mapping[str, npt.NDArray[Any]]) -> Figure:
    """One panel a series, all its channels in it.

    Args:
        records: at most 24. series: (T, C) by ``input``.
    """
    columns = min(COLUMNS, len(records))
    lines = -(-len(records) // columns)
    with matplotlib.rc_context({"font.size": 7, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(2.6 * columns, 1.7 * lines), layout="constrained")
        panels = figure.subplots(lines, columns, squeeze=False).ravel()
        for record, panel in zip(records, panels, strict=False):
            panel.plot(series[record["input"]], linewidth=0.9)
            case = record["input"].rpartition(" case ")[2]
            panel.set_title(f"case {case}: {record['label']} ({record['probability']:.1%})", loc="left")
        for panel in panels[len(records) :]:
            panel.set_visible(False)
    return figure
