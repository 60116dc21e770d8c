"""Plots of labelled series: each case with its label and probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt

from attnframe.pictures import Line, Section, gallery, lines, page
from attnframe_timeseries.series_inputs import named_series

MOST = 100
"""Series that are drawn, the first ones."""


def save_plots(records: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Draw the series of prediction records, read again from their files, onto the page ``series.html``.

    Args:
        records: with ``input`` (as `read_series` names a case), ``label`` and ``probability``.
        folder: where the page is written.
    """
    series = named_series(record["input"] for record in records[:MOST])
    drawn = [_draw(record, series[record["input"]]) for record in records[:MOST]]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "series.html"
    path.write_text(page("Series", [Section("Each with its label", [gallery(drawn)])]), encoding="utf-8")
    return [path]


def _draw(record: Mapping[str, Any], series: npt.NDArray[Any]) -> str:
    """One plot with all channels of a series (T, C)."""
    case = record["input"].rpartition(" case ")[2]
    channels = [
        Line(f"channel {number}", range(len(series)), own) for number, own in enumerate(series.T.tolist(), start=1)
    ]
    return lines(channels, f"case {case}: {record['label']} ({record['probability']:.1%})", x_label="step")
