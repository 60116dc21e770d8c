"""A picture, with what a model looked at laid over it, and boxes around what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attnframe.pictures.colours import SERIES
from attnframe.pictures.figure import SIZE, WIDTH, figure, shorten, text_width
from attnframe.pictures.markup import element, escape
from attnframe.pictures.png import png_uri, shrink

MOST_PIXELS = 320
"""Pixels a side that are kept of a picture; of more, means of neighbours."""
_TALL = 420.0
_SHADE = np.array([213, 94, 0])


@dataclass(frozen=True)
class Box:
    """A rectangle on a picture.

    Args:
        left, top, right, bottom: in pixels of the picture.
        label: what is in it; nothing is written when empty.
        series: number of its colour. dashed: drawn so, as the boxes of the truth are.
    """

    left: float
    top: float
    right: float
    bottom: float
    label: str = ""
    series: int = 0
    dashed: bool = False


def image(array: ArrayLike, title: str, *, overlay: ArrayLike | None = None, boxes: Sequence[Box] = ()) -> str:
    """A picture as large as its place; few pixels are drawn as squares.

    Args:
        array: (H, W) or (H, W, 3), numbers from 0 to 1, or integers from 0 to 255.
        title: what it shows.
        overlay: (h, w) weights of at least 0 over the whole picture; the largest covers it most, in orange.
        boxes: rectangles drawn over it.
    """
    pixels = _pixels(array)
    tall, wide = pixels.shape[:2]
    scale = min(WIDTH / wide, _TALL / tall)
    width, height, left = wide * scale, tall * scale, (WIDTH - wide * scale) / 2
    parts = [_layer(_kept(pixels), left, 0.0, width, height, scale > 3)]
    if overlay is not None:
        parts.append(_layer(_shade(np.asarray(overlay, dtype=np.float64)), left, 0.0, width, height, True))
    parts += [_box(box, left, scale, height) for box in boxes]
    return figure(title, "".join(parts), height)


def picture(array: ArrayLike, x: float, y: float, side: float) -> str:
    """A picture within a square of a drawing, for drawings of several.

    Args:
        array: as in `image`. x, y: upper left corner of the square. side: of the square.
    """
    pixels = _pixels(array)
    tall, wide = pixels.shape[:2]
    scale = side / max(tall, wide)
    left, top = x + (side - wide * scale) / 2, y + (side - tall * scale) / 2
    return _layer(_kept(pixels), left, top, wide * scale, tall * scale, scale > 3)


def _pixels(array: ArrayLike) -> NDArray[np.float64]:
    """Numbers from 0 to 255."""
    given = np.asarray(array)
    if given.dtype.kind in "iu":
        return given.astype(np.float64)
    return np.nan_to_num(np.clip(given.astype(np.float64), 0, 1)) * 255


def _kept(pixels: NDArray[np.float64]) -> NDArray[np.uint8]:
    kept: NDArray[np.uint8] = shrink(pixels, MOST_PIXELS).round().astype(np.uint8)
    return kept


def _layer(pixels: NDArray[np.uint8], x: float, y: float, width: float, height: float, squares: bool) -> str:
    style = "image-rendering:pixelated" if squares else None
    place = {"x": x, "y": y, "width": width, "height": height}
    return element("image", href=png_uri(pixels), preserveAspectRatio="none", style=style, **place)


def _shade(weights: NDArray[np.float64]) -> NDArray[np.uint8]:
    known = np.nan_to_num(np.clip(shrink(weights, MOST_PIXELS), 0, None))
    opacity = 0.75 * known / (known.max() or 1.0) * 255
    colour = np.broadcast_to(_SHADE, (*known.shape, 3))
    shaded: NDArray[np.uint8] = np.concatenate([colour, opacity[..., None]], axis=-1).round().astype(np.uint8)
    return shaded


def _box(box: Box, left: float, scale: float, height: float) -> str:
    colour = SERIES[box.series % len(SERIES)]
    x, y = left + box.left * scale, box.top * scale
    place = {"x": x, "y": y, "width": (box.right - box.left) * scale, "height": (box.bottom - box.top) * scale}
    dash = "5 3" if box.dashed else None
    drawn = element("rect", **place, fill="none", stroke="#ffffff", stroke_width=3.5) + element(
        "rect", **place, fill="none", stroke=colour, stroke_width=1.8, stroke_dasharray=dash
    )
    if not box.label:
        return element("g", drawn)
    words = shorten(box.label, WIDTH)
    wide = text_width(words) + 4
    at, top = max(0.0, min(x, WIDTH - wide)), min(max(0.0, y - SIZE - 3), height - SIZE - 3)
    plate = element("rect", x=at, y=top, width=wide, height=SIZE + 3, fill=colour)
    return element("g", drawn, plate, element("text", escape(words), x=at + 2, y=top + SIZE, fill="#ffffff"))
