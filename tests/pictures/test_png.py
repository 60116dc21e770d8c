"""PNG files as another program reads them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from attnframe.pictures.png import png_uri, shrink


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4), (1, 1), (300, 2, 3)])
def test_every_pixel_survives(shape: tuple[int, ...], pixels: Callable[[str], NDArray[np.uint8]]) -> None:
    given = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert np.array_equal(pixels(png_uri(given)), given)
    assert png_uri(given) == png_uri(given.copy())


def test_neighbours_are_averaged() -> None:
    assert shrink(np.arange(16.0).reshape(4, 4), 2).tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert shrink(np.array([[1.0, np.nan, np.nan, np.nan]]), 2).tolist()[0] == pytest.approx([1.0, np.nan], nan_ok=True)
    assert shrink(np.ones((1000, 7)), 256).shape == (256, 7)


def test_what_is_small_enough_stays() -> None:
    given = np.ones((3, 5))
    assert shrink(given, 5) is given
