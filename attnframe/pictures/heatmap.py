"""A matrix as coloured cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attnframe.pictures.colours import FAINT, colour_of, hex_colour, ink_on
from attnframe.pictures.figure import SIZE, WIDTH, figure, shorten, text, text_width, thinned
from attnframe.pictures.markup import element, escape, short_number
from attnframe.pictures.png import png_uri, shrink

MOST_CELLS = 256
"""Rows and columns that are drawn; of more, means of neighbours."""
_CELL, _LABELS, _TALL = 34.0, 104.0, 420.0
_FEW = 12
"""Rows up to which cells are as tall as a label even where they are narrow."""


def heatmap(
    matrix: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    *,
    row_label: str = "",
    column_label: str = "",
    limits: tuple[float, float] | None = None,
    shown: Sequence[Sequence[str]] | None = None,
) -> str:
    """Cells as dark as their numbers are large, brown for those below 0, grey for what is not a number.

    Numbers or `shown` texts stand in the cells where they fit; labels that would touch are left out.

    Args:
        matrix: (R, C) numbers, at least one of them.
        rows: R labels, from the top; none when empty. columns: C labels; none when empty.
        title: what it shows. row_label, column_label: what rows and columns are.
        limits: numbers of the lightest and the darkest cell, the first at most 0; None for 0 and the largest size.
        shown: (R, C) texts for the cells; numbers in three figures when None.
    """
    cells = np.asarray(matrix, dtype=np.float64)
    largest = max(abs(limits[0]), abs(limits[1])) if limits else _largest(cells)
    colours = colour_of(shrink(cells, MOST_CELLS) / largest)
    left = (
        4
        + (19 if row_label else 0)
        + min(_LABELS, max((text_width(shorten(name, _LABELS)) for name in rows), default=0))
    )
    width = min(_CELL, (WIDTH - left - 10) / cells.shape[1])
    height = min(_CELL, _TALL / cells.shape[0], max(width, 13.0 if len(cells) <= _FEW else 0.0))
    wide, tall = width * cells.shape[1], height * cells.shape[0]
    parts = [
        element(
            "image",
            href=png_uri(colours),
            x=left,
            y=4.0,
            width=wide,
            height=tall,
            preserveAspectRatio="none",
            style="image-rendering:pixelated",
        ),
        element("rect", x=left, y=4.0, width=wide, height=tall, fill="none", stroke=FAINT, stroke_width=0.6),
        _numbers(cells, shown, colours, (left, width, height)),
    ]
    for row in thinned(len(rows), tall, SIZE + 1):
        parts.append(_label(left - 4, 4 + (row + 0.5) * height, rows[row], "end"))
    under, room = _column_labels(columns, left, 4 + tall, width)
    parts.append(under)
    if row_label:
        parts.append(_turned(8, 4 + tall / 2, shorten(row_label, max(tall, 40))))
    below = 4 + tall + room
    if column_label:
        parts.append(text(left + wide / 2, below + 9, column_label, "middle"))
        below += 17
    scale, room = _scale(-largest if _signed(cells, limits) else 0.0, largest, left, below + 8)
    return figure(title, "".join([*parts, scale]), below + 8 + room)


def _largest(cells: NDArray[np.float64]) -> float:
    sizes = np.abs(cells[np.isfinite(cells)])
    return float(sizes.max()) if sizes.size and sizes.max() > 0 else 1.0


def _signed(cells: NDArray[np.float64], limits: tuple[float, float] | None) -> bool:
    return limits[0] < 0 if limits else bool((cells < 0).any())


def _numbers(
    cells: NDArray[np.float64],
    shown: Sequence[Sequence[str]] | None,
    colours: NDArray[np.uint8],
    frame: tuple[float, float, float],
) -> str:
    """Texts in the cells, when every one fits."""
    left, width, height = frame
    if cells.size > 400 or height < SIZE:
        return ""
    texts = shown or [["" if np.isnan(cell) else short_number(float(cell)) for cell in row] for row in cells]
    if max(text_width(word, SIZE - 1) for row in texts for word in row) > width - 1:
        return ""
    return "".join(
        text(
            left + (column + 0.5) * width,
            4 + (row + 0.5) * height,
            word,
            "middle",
            font_size=SIZE - 1,
            fill=ink_on(colours[row, column]),
        )
        for row, line in enumerate(texts)
        for column, word in enumerate(line)
        if word
    )


def _label(x: float, y: float, words: str, anchor: str, **attributes: object) -> str:
    return text(x, y, shorten(words, _LABELS), anchor, **attributes)


def _column_labels(columns: Sequence[str], left: float, top: float, width: float) -> tuple[str, float]:
    """Labels below the cells, turned when they would touch, and the room that they take."""
    widest = max((text_width(shorten(name, _LABELS)) for name in columns), default=0.0)
    middles = [left + (column + 0.5) * width for column in range(len(columns))]
    chosen = thinned(len(columns), width * len(columns), SIZE + 1)
    if widest + 3 <= width * (chosen[1] if len(chosen) > 1 else 1):
        return "".join(_label(middles[column], top + 9, columns[column], "middle") for column in chosen), 16.0
    turned = [
        _label(
            middles[column],
            top + 5,
            columns[column],
            "end",
            transform=f"rotate(-90 {middles[column]:.1f} {top + 5:.1f})",
        )
        for column in chosen
    ]
    return "".join(turned), widest + 9 if columns else 0.0


def _turned(x: float, y: float, words: str) -> str:
    return text(x, y, words, "middle", transform=f"rotate(-90 {x:.1f} {y:.1f})")


def _scale(low: float, high: float, left: float, top: float) -> tuple[str, float]:
    """A strip of the colours with the numbers at its ends, and its height."""
    strip = colour_of(np.linspace(low, high, 64)[None] / high)
    first, last = short_number(low), short_number(high)
    x = left + text_width(first) + 4
    image = element(
        "image", href=png_uri(strip), x=x, y=top, width=90, height=9, preserveAspectRatio="none", aria_hidden="true"
    )
    frame = element(
        "rect", x=x, y=top, width=90, height=9, fill="none", stroke=hex_colour((90, 90, 90)), stroke_width=0.5
    )
    named = element("title", escape(f"colours from {first} to {last}"))
    words = text(x - 4, top + 4.5, first, "end", fill=FAINT) + text(x + 94, top + 4.5, last, fill=FAINT)
    return element("g", named, image, frame, words), 14.0
