"""Which colour and dash belong to which series."""

from __future__ import annotations

from collections.abc import Sequence

from attnframe.pictures.colours import SERIES, dash_of
from attnframe.pictures.figure import WIDTH, shorten, text, text_width
from attnframe.pictures.markup import element

_ROW, _STROKE, _GAP = 16.0, 22.0, 14.0


def legend(names: Sequence[str], top: float, dots: bool = False) -> tuple[str, float]:
    """Entries in as many rows as they need, and the height of them all.

    Args:
        names: of the series, in the order of their colours. top: where the first row begins.
        dots: whether series are drawn as dots rather than lines.
    """
    parts, x, row = [], 6.0, 0
    for number, name in enumerate(names):
        shown = shorten(name, WIDTH - _STROKE - 12)
        width = _STROKE + 4 + text_width(shown)
        if x > 6 and x + width > WIDTH:
            x, row = 6.0, row + 1
        y = top + (row + 0.5) * _ROW
        parts.append(_sign(number, x, y, dots) + text(x + _STROKE + 4, y, shown))
        x += width + _GAP
    return "".join(parts), (row + 1) * _ROW if names else 0.0


def _sign(number: int, x: float, y: float, dots: bool) -> str:
    colour = SERIES[number % len(SERIES)]
    if dots:
        return element("circle", cx=x + _STROKE / 2, cy=y, r=3.5, fill=colour)
    dash = dash_of(number)
    return element("line", x1=x, x2=x + _STROKE, y1=y, y2=y, stroke=colour, stroke_width=2, stroke_dasharray=dash)
