"""Colours of numbers and series."""

from __future__ import annotations

import numpy as np
import pytest

from attnframe.pictures.colours import DASHES, FAINT, INK, SERIES, colour_of, dash_of, hex_colour, ink_on


def luminance(colour: str) -> float:
    """Relative luminance after https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    shares = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*SERIES, INK, FAINT])
def test_what_may_be_text_reads_on_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5


def test_numbers_in_cells_read_on_their_colours() -> None:
    for colour in colour_of(np.linspace(-1, 1, 81)):
        assert contrast(ink_on(colour), hex_colour(colour)) >= 4.5


@pytest.mark.parametrize("sign", [1, -1])
def test_larger_sizes_are_darker(sign: int) -> None:
    seen = [luminance(hex_colour(colour)) for colour in colour_of(sign * np.linspace(0, 1, 50))]
    assert all(np.diff(seen) < 0)
    assert seen[0] == 1.0


def test_what_is_no_number_is_grey() -> None:
    red, green, blue = colour_of(np.nan)
    assert red == green == blue == 0xBD


def test_series_differ_without_colour() -> None:
    assert len(set(DASHES)) == len(DASHES) == len(SERIES) == len(set(SERIES))


def test_many_series_differ_by_colour_and_dash() -> None:
    assert len({(SERIES[number % len(SERIES)], dash_of(number)) for number in range(64)}) == 64
