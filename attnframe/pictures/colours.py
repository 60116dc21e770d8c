"""Colours that colour-blind readers, and those of a grey print, can tell apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SERIES = ("#0072b2", "#bf4f00", "#007a5a", "#a8508a", "#6b5500", "#3f3f3f", "#b03060", "#3070a0")
"""Colours of series, after the palette of Okabe and Ito (https://jfly.uni-koeln.de/color/), each dark enough to be read
as text on white."""
DASHES = (None, "6 3", "2 2", "8 3 2 3", "4 4", "1 3", "10 4", "6 2 2 2")
"""Dashes that tell series apart without their colours, in step with `SERIES`."""
INK, FAINT, GRID, MISSING = "#1a1a1a", "#595959", "#dddddd", "#bdbdbd"

_RISING = np.array([(255, 255, 255), (205, 224, 241), (133, 182, 220), (54, 125, 186), (8, 69, 132), (4, 30, 66)])
_FALLING = np.array([(255, 255, 255), (250, 215, 180), (240, 160, 95), (205, 100, 30), (140, 60, 10), (74, 30, 4)])


def dash_of(number: int) -> str | None:
    """The dash of a series: with its colour, 64 series can be told apart."""
    return DASHES[(number + number // len(SERIES)) % len(DASHES)]


def colour_of(values: object) -> NDArray[np.uint8]:
    """Colours (..., 3) of values (...): white for 0 to dark blue for 1, and to dark brown for -1; ever darker, so a
    grey print keeps the order. What is not a number is grey.
    """
    given = np.asarray(values, dtype=np.float64)
    missing = np.isnan(given)
    clipped = np.clip(np.where(missing, 0, given), -1, 1)
    rising, falling = _between(_RISING, clipped), _between(_FALLING, -clipped)
    colours = np.where((clipped < 0)[..., None], falling, rising)
    colours[missing] = [int(MISSING[i : i + 2], 16) for i in (1, 3, 5)]
    whole: NDArray[np.uint8] = colours.round().astype(np.uint8)
    return whole


def _between(anchors: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    places = np.linspace(0, 1, len(anchors))
    return np.stack([np.interp(values, places, anchors[:, channel]) for channel in range(3)], axis=-1)


def hex_colour(colour: Sequence[int] | NDArray[np.uint8]) -> str:
    """A colour as ``#rrggbb``."""
    red, green, blue = (int(value) for value in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"


def ink_on(colour: Sequence[int] | NDArray[np.uint8]) -> str:
    """Black or white, whichever reads better on a colour (relative luminance of WCAG 2,
    https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    linear = [((value / 255 + 0.055) / 1.055) ** 2.4 if value > 10 else value / 3294.6 for value in map(float, colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#ffffff"
