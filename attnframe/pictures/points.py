"""Pairs of numbers as points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attnframe.pictures.axes import BOTTOM, Axes
from attnframe.pictures.colours import FAINT, SERIES
from attnframe.pictures.figure import figure
from attnframe.pictures.legend import legend
from attnframe.pictures.markup import element

MOST_POINTS = 600
"""Points that are drawn of a group; of more, some that are spread evenly."""


def points(
    groups: Mapping[str, Sequence[tuple[float, float]]],
    title: str,
    x_label: str = "",
    y_label: str = "",
    *,
    diagonal: bool = False,
) -> str:
    """Points in one plane.

    Args:
        groups: the pairs (across, upwards) of each group, by name; a single group goes without a legend.
        title: what it shows. x_label, y_label: names of the axes.
        diagonal: whether both axes have the same numbers, and a line where both are alike.
    """
    every = [point for group in groups.values() for point in group]
    axes = Axes.around((x for x, _ in every), (y for _, y in every))
    parts = []
    if diagonal:
        axes = Axes.around((value for point in every for value in point), (value for point in every for value in point))
        (x1, y1), (x2, y2) = axes.place(axes.x[0], axes.x[0]), axes.place(axes.x[1], axes.x[1])
        parts.append(element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=FAINT, stroke_dasharray="4 3"))
    for number, group in enumerate(groups.values()):
        colour = SERIES[number % len(SERIES)]
        for x, y in list(group)[:: -(-len(group) // MOST_POINTS) or 1]:
            across, up = axes.place(x, y)
            parts.append(element("circle", cx=across, cy=up, r=2.4, fill=colour, fill_opacity=0.6))
    named, height = legend(list(groups), BOTTOM, dots=True) if len(groups) > 1 else ("", 0.0)
    return figure(title, "".join([axes.draw(x_label, y_label), *parts, named]), BOTTOM + height + 2)
