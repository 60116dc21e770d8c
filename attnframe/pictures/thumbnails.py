"""Many small pictures, each with a line below."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from attnframe.pictures.figure import SIZE, WIDTH, figure, shorten, text
from attnframe.pictures.image import picture
from attnframe.pictures.markup import element, escape

_ACROSS, _GAP = 4, 8.0


def thumbnails(arrays: Sequence[ArrayLike], names: Sequence[Sequence[str]], title: str) -> str:
    """Pictures in rows of four.

    Args:
        arrays: pictures as `image` takes them.
        names: the lines below each.
        title: what they are.
    """
    side = (WIDTH - _GAP * (_ACROSS - 1)) / _ACROSS
    below = (SIZE + 2) * max((len(lines) for lines in names), default=0)
    parts = []
    for number, (array, lines) in enumerate(zip(arrays, names, strict=True)):
        x, y = (number % _ACROSS) * (side + _GAP), (number // _ACROSS) * (side + below + _GAP)
        written = [
            text(x + side / 2, y + side + (SIZE + 2) * (row + 0.5), shorten(line, side + _GAP - 1), "middle")
            for row, line in enumerate(lines)
        ]
        named = element("title", escape(", ".join(lines)))
        parts.append(element("g", named, picture(array, x, y, side), *written))
    rows = -(-len(arrays) // _ACROSS)
    return figure(title, "".join(parts), max(rows * (side + below + _GAP), 1.0))
