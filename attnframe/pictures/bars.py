"""Named numbers as bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from attnframe.pictures.colours import FAINT, INK, SERIES
from attnframe.pictures.figure import WIDTH, figure, shorten, text, text_width
from attnframe.pictures.markup import element, escape

_ROW, _NAMES, _NUMBERS = 20.0, 130.0, 56.0


def bars(
    names: Sequence[str],
    values: Sequence[float],
    title: str,
    *,
    errors: Sequence[float | None] | None = None,
    marks: Mapping[str, float] | None = None,
) -> str:
    """Bars from zero, one below the other, each with its number.

    Args:
        names: of the bars. values: as many numbers; what is not finite has no bar.
        title: what it shows.
        errors: as many deviations, drawn to both sides; None for those without.
        marks: numbers to compare with, each a line across all bars, by name.
    """
    spread = [0.0 if error is None else error for error in errors or [0.0] * len(values)]
    marked = {name: value for name, value in (marks or {}).items() if math.isfinite(value)}
    ends = [value + sign * error for value, error in zip(values, spread, strict=True) for sign in (-1, 1)]
    finite = [0.0, *(end for end in ends if math.isfinite(end)), *marked.values()]
    low, high = min(finite), max(finite)
    left = 8 + min(_NAMES, max([text_width(name) for name in names], default=0.0))
    scale = (WIDTH - left - _NUMBERS) / ((high - low) or 1.0)
    zero, height = left - low * scale, _ROW * len(names)
    parts, numbers = [], []
    for row, (name, value, error) in enumerate(zip(names, values, spread, strict=True)):
        y = (row + 0.5) * _ROW + 2
        label = text(left - 6, y, shorten(name, left - 8), "end")
        parts.append(element("g", element("title", escape(f"{name}: {value:.6g}")), label))
        if not math.isfinite(value):
            parts.append(text(zero + 6, y, "no number", fill=FAINT))
            continue
        parts.append(
            element(
                "rect", x=zero + min(0, value) * scale, y=y - 6, width=abs(value) * scale, height=12, fill=SERIES[0]
            )
        )
        if error:
            x1, x2 = zero + (value - error) * scale, zero + (value + error) * scale
            path = f"M{x1:.1f} {y:.1f}H{x2:.1f}M{x1:.1f} {y - 4:.1f}v8M{x2:.1f} {y - 4:.1f}v8"
            parts.append(element("path", d=path, stroke="#ffffff", stroke_width=3.5, fill="none"))
            parts.append(element("path", d=path, stroke=INK, stroke_width=1.3, fill="none"))
        halo: dict[str, Any] = {
            "stroke": "#ffffff",
            "stroke_width": 3,
            "paint_order": "stroke",
        }  # a mark's line may run behind it
        numbers.append(text(zero + max(0.0, value + error) * scale + 5, y, f"{value:.4g}", **halo))
    parts.append(element("line", x1=zero, x2=zero, y1=2, y2=height + 2, stroke=FAINT))
    for number, (name, value) in enumerate(marked.items()):
        x, y = zero + value * scale, height + 10 + 14 * number
        parts.append(element("line", x1=x, x2=x, y1=0, y2=y - 6, stroke=SERIES[1], stroke_dasharray="4 3"))
        told = f"{name} {value:.4g}"
        parts.append(text(min(max(x, text_width(told) / 2 + 2), WIDTH - text_width(told) / 2 - 2), y, told, "middle"))
    return figure(title, "".join([*parts, *numbers]), height + 6 + 14 * len(marked) + (4 if marked else 0))
