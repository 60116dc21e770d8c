"""Plots of forecasts: each channel with the rows before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from attnframe_timeseries.data.series_csv import read_series_csv
from attnframe_timeseries.data.times import as_texts

PANELS = 12
"""Channels that are drawn; the others stand in the table of forecasts."""
COLUMNS = 2
TICKS = 5


def save_plots(records: Sequence[dict[str, Any]], channels: Sequence[str], lookback: int, folder: Path) -> list[Path]:
    """Draw the forecasts of each input behind its lookback, read again from its file.

    Args:
        records: with ``input`` (path of a CSV file), ``time`` and a value of each channel.
        channels: to draw, at most 12.
        lookback: rows before the forecast.
        folder: where ``forecast-NAME.png`` is written for each input.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    inputs = dict.fromkeys(record["input"] for record in records)
    for number, name in enumerate(inputs, start=1):
        figure = draw([record for record in records if record["input"] == name], channels[:PANELS], lookback)
        stem = re.sub(r"[^\w.-]+", "_", Path(name).stem)
        path = folder / (f"forecast-{stem}.png" if len(inputs) == 1 else f"forecast-{number}-{stem}.png")
        figure.savefig(path, dpi=120)
        written.append(path)
    return written


def draw(records: Sequence[dict[str, Any]], channels: Sequence[str], lookback: int) -> Figure:
    """One panel a channel: the lookback, and the forecast that goes on from its last value.

    Args:
        records: of one input. channels: to draw. lookback: rows.
    """
    table = read_series_csv(Path(records[0]["input"]), channels)
    past = table.values[-lookback:]
    times = [*as_texts(table.times[-lookback:]), *(record["time"] for record in records)]
    columns = min(COLUMNS, len(channels))
    lines = -(-len(channels) // columns)
    with matplotlib.rc_context({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(5.6 * columns, 0.7 + 1.9 * lines), layout="constrained")
        panels = figure.subplots(lines, columns, sharex=True, squeeze=False).ravel()
        for place, (name, panel) in enumerate(zip(channels, panels, strict=False)):
            forecast = [past[-1, place], *(record[name] for record in records)]
            panel.plot(range(len(past)), past[:, place], color="#444444", linewidth=1.2, label="given")
            panel.plot(range(len(past) - 1, len(times)), forecast, color="#d1495b", linewidth=1.6, label="forecast")
            panel.axvline(len(past) - 1, color="#bbbbbb", linewidth=0.8, linestyle="--")
            panel.set_title(name, loc="left")
            panel.grid(axis="y", color="#eeeeee")
            step = max((len(times) - 1) // TICKS, 1)
            ticks = range(0, len(times), step)
            panel.set_xticks(ticks, [times[tick].removesuffix(":00") for tick in ticks], rotation=20, ha="right")
        for panel in panels[len(channels) - columns : len(channels)]:  # the lowest of each column
            panel.tick_params(labelbottom=True)
        for panel in panels[len(channels) :]:
            panel.set_visible(False)
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper right", ncols=2, frameon=False)
    return figure
