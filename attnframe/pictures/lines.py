"""Numbers over numbers, as lines and bands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from attnframe.pictures.axes import BOTTOM, LEFT, PLOT, RIGHT, TOP, Axes
from attnframe.pictures.colours import SERIES, colour_of, dash_of
from attnframe.pictures.figure import WIDTH, figure
from attnframe.pictures.legend import legend
from attnframe.pictures.markup import element
from attnframe.pictures.png import png_uri

MOST_POINTS = 400
"""Points that are drawn of a line; of more, the smallest and the largest of each stretch."""


@dataclass(frozen=True)
class Line:
    """One series.

    Args:
        name: in the legend.
        x: numbers across, rising. y: as many numbers upwards; what is not finite is a gap.
        low, high: as many limits of a band around it; none when empty.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def lines(
    series: Sequence[Line],
    title: str,
    x_label: str = "",
    y_label: str = "",
    *,
    log: bool = False,
    sizes: Sequence[float] = (),
    shades: Sequence[float] = (),
) -> str:
    """Lines in one plane, told apart by colour and dash.

    Args:
        series: the lines, at best no more than eight.
        title: what it shows. x_label, y_label: names of the axes.
        log: whether y counts in powers of ten, where all numbers are above 0 and the largest is 20 times the smallest.
        sizes: numbers above 0 that are written on the axis across, which then counts in powers too.
        shades: weights of at least 0 of equal stretches of the axis across, as dark behind the lines as they are large.
    """
    ys = [value for line in series for values in (line.y, line.low, line.high) for value in values]
    finite = [value for value in ys if math.isfinite(value)]
    axes = Axes.around((x for line in series for x in line.x), ys, log and bool(finite) and min(finite) > 0)
    if sizes and axes.x[0] > 0:
        axes = replace(axes, x=(axes.x[0] / 1.1, axes.x[1] * 1.1), sizes=tuple(sizes))
    bands = [_band(axes, line, number) for number, line in enumerate(series) if len(line.low)]
    drawn = [_line(axes, line, number) for number, line in enumerate(series)]
    named, height = legend([line.name for line in series], BOTTOM) if len(series) > 1 else ("", 0.0)
    described = f"{title}: {', '.join(line.name for line in series)}"
    drawing = "".join([_shaded(shades), axes.draw(x_label, y_label), *bands, *drawn, named])
    return figure(title, drawing, BOTTOM + height + 2, described)


def _shaded(shades: Sequence[float]) -> str:
    if not len(shades):
        return ""
    weights = np.clip(np.asarray(shades, dtype=np.float64), 0, None)[None]
    colours = colour_of(0.6 * weights / (weights.max() or 1.0))  # the darkest of all would hide lines
    place = {"x": LEFT, "y": TOP, "width": WIDTH - LEFT - RIGHT, "height": PLOT}
    return element(
        "image", href=png_uri(colours), preserveAspectRatio="none", style="image-rendering:pixelated", **place
    )


def _line(axes: Axes, line: Line, number: int) -> str:
    colour, dash = SERIES[number % len(SERIES)], dash_of(number)
    parts = []
    for run in _runs(_fewer(line.x, line.y)):
        if len(run) == 1:
            x, y = axes.place(*run[0])
            parts.append(element("circle", cx=x, cy=y, r=2.5, fill=colour))
            continue
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (axes.place(*point) for point in run))
        parts.append(
            element("polyline", points=points, fill="none", stroke=colour, stroke_width=1.6, stroke_dasharray=dash)
        )
    return "".join(parts)


def _band(axes: Axes, line: Line, number: int) -> str:
    known = [
        (x, low, high)
        for x, low, high in zip(line.x, line.low, line.high, strict=True)
        if math.isfinite(low) and math.isfinite(high)
    ]
    known = known[:: max(1, len(known) // MOST_POINTS)]
    around = [axes.place(x, high) for x, _, high in known] + [axes.place(x, low) for x, low, _ in known[::-1]]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in around)
    return element("polygon", points=points, fill=SERIES[number % len(SERIES)], fill_opacity=0.18)


def _fewer(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float]]:
    points = [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
    if len(points) <= MOST_POINTS:
        return points
    kept: list[tuple[float, float]] = []
    stretches = MOST_POINTS // 2
    for stretch in range(stretches):
        part = points[stretch * len(points) // stretches : (stretch + 1) * len(points) // stretches]
        finite = [point for point in part if math.isfinite(point[1])] or part[:1]
        kept += sorted({min(finite, key=lambda point: point[1]), max(finite, key=lambda point: point[1])})
    return kept


def _runs(points: Sequence[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for point in points:
        if math.isfinite(point[1]):
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run
