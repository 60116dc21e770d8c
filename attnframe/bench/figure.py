"""The figure: time and memory against size, one line a variant."""

from __future__ import annotations

import io
import statistics
from collections.abc import Sequence
from pathlib import Path

from attnframe.bench.cases import Case
from attnframe.bench.cases.base import Measure
from attnframe.bench.chosen import label
from attnframe.bench.record import Row
from attnframe.runs.atomic import atomic_file

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D1F")
"""Okabe and Ito's colours, told apart by all eyes; the yellow that is hard to see on white is a brown."""
STYLES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*", "h")
FEW = 4
"""Variants up to which the fastest peer of each is drawn too."""


def draw(rows: Sequence[Row], case: Case, path: Path) -> None:
    """Write a PNG with two panels, both logarithmic, and the legend beside them.

    Args:
        rows: of the record; those that were not measured are left out.
        case: what was measured.
        path: where to write.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, LogLocator

    lines = _lines(rows)
    figure = Figure(figsize=(12, 5.2), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 2)
    sizes = sorted({row["amount"] for row in rows})
    for panel, measure in zip(panels, (case.cost, case.room), strict=True):
        for name, (points, style) in lines.items():
            known = [(size, one[measure.key] / measure.scale) for size, one in points if _drawable(one, measure)]
            if known:
                panel.plot(*zip(*known, strict=True), label=name, **style)
        panel.set_xscale("log", base=2)
        panel.set_yscale("log")
        panel.set_xticks(sizes, [f"{size:,}" for size in sizes])
        panel.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
        panel.minorticks_off()
        panel.set_xlabel(case.unit)
        panel.set_ylabel(measure.words)
        panel.grid(True, which="major", alpha=0.3)
        panel.spines[["top", "right"]].set_visible(False)
    handles, names = [], []
    for panel in panels:
        for handle, name in zip(*panel.get_legend_handles_labels(), strict=True):
            if name not in names:
                handles.append(handle)
                names.append(name)
    if handles:
        figure.legend(handles, names, loc="outside right center", fontsize=8, frameon=False, handlelength=3.5)
    figure.suptitle(case.what(), fontsize=10)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    with atomic_file(path) as file:
        file.write(picture.getvalue())


def _measured(row: Row) -> bool:
    return bool(row["status"] == "ok")


def _drawable(one: Row, measure: Measure) -> bool:
    return (one.get(measure.key) or 0) > 0


def _lines(rows: Sequence[Row]) -> dict[str, tuple[list[tuple[int, Row]], dict[str, object]]]:
    """Points and style of each line by name, the slowest at its largest size first and the reference last."""
    last = {
        row["attention"]: (row["amount"], _named(row, "attnframe")["milliseconds"]) for row in rows if _measured(row)
    }
    names = sorted(last, key=lambda name: last[name], reverse=True)
    lines: dict[str, tuple[list[tuple[int, Row]], dict[str, object]]] = {}
    references: dict[int, list[Row]] = {}
    shown = ""
    for number, name in enumerate(names):
        own = [row for row in rows if row["attention"] == name and _measured(row)]
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        style: dict[str, object] = {"color": colour, "marker": marker, "markersize": 5, "linewidth": 1.6}
        style["linestyle"] = STYLES[number // len(COLOURS) % len(STYLES)]
        lines[label(name)] = ([(row["amount"], _named(row, "attnframe")) for row in own], style)
        if len(names) <= FEW:
            beside: dict[str, list[tuple[int, Row]]] = {}
            for row in own:
                if row["fastest_peer"] is not None:
                    beside.setdefault(row["fastest_peer"], []).append((row["amount"], _named(row, row["fastest_peer"])))
            for peer, points in beside.items():
                thin = {**style, "linestyle": (0, (1, 1.5)), "linewidth": 1.1, "markerfacecolor": "white"}
                lines[f"{label(name)}: {peer}"] = (points, thin)
        for row in own:
            if row["reference"] not in (None, "attnframe"):
                references.setdefault(row["amount"], []).append(_named(row, row["reference"]))
                shown = row["reference"]
    if references:
        thick = {"color": "black", "linewidth": 2.2, "linestyle": "-"}
        lines[shown] = ([(amount, _median(found)) for amount, found in sorted(references.items())], thick)
    return lines


def _named(row: Row, name: str) -> Row:
    return next((one for one in row["contenders"] if one["name"] == name), {})


def _median(found: Sequence[Row]) -> Row:
    """One layer that was measured beside several variants: the medians of its numbers."""
    keys = [key for key in ("milliseconds", "per_second", "peak_memory_bytes", "cache_bytes") if _all_have(found, key)]
    return {key: statistics.median(one[key] for one in found) for key in keys}


def _all_have(found: Sequence[Row], key: str) -> bool:
    return all(one.get(key) is not None for one in found)
