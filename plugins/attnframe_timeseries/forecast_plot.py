"""Plots of forecasts: each channel with the rows before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attnframe.pictures import Line, Section, gallery, lines, page, remark
from attnframe_timeseries.data.series_csv import read_series_csv
from attnframe_timeseries.data.times import as_texts

PANELS = 12
"""Channels that are drawn; the others stand in the table of forecasts."""


def save_plots(records: Sequence[dict[str, Any]], channels: Sequence[str], lookback: int, folder: Path) -> list[Path]:
    """Draw the forecasts of each input behind its lookback, read again from its file, onto the page ``forecasts.html``.

    Args:
        records: with ``input`` (path of a CSV file), ``time`` and a value of each channel.
        channels: to draw, at most 12.
        lookback: rows before the forecast.
        folder: where the page is written.
    """
    sections = []
    for name in dict.fromkeys(record["input"] for record in records):
        own = [record for record in records if record["input"] == name]
        sections.append(Section(Path(name).name, draw(own, channels[:PANELS], lookback)))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "forecasts.html"
    path.write_text(page("Forecasts", sections), encoding="utf-8")
    return [path]


def draw(records: Sequence[dict[str, Any]], channels: Sequence[str], lookback: int) -> list[str]:
    """One plot a channel: the lookback, and the forecast that goes on from its last value; and when it is for.

    Args:
        records: of one input. channels: to draw. lookback: rows.
    """
    table = read_series_csv(Path(records[0]["input"]), channels)
    past, (last,) = table.values[-lookback:], as_texts(table.times[-1:])
    before, after = range(1 - len(past), 1), range(len(records) + 1)
    plots = []
    for place, name in enumerate(channels):
        given = Line("given", before, past[:, place].tolist())
        forecast = Line("forecast", after, [past[-1, place], *(record[name] for record in records)])
        plots.append(lines([given, forecast], name, x_label="rows after the last one given"))
    return [remark(f"Given up to {last}, told up to {records[-1]['time']}."), gallery(plots)]
