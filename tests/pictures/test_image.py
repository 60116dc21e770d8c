"""Pictures with overlay and boxes."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from numpy.typing import NDArray

from attnframe.pictures import Box, image
from attnframe.pictures.image import MOST_PIXELS

Tree = Callable[[str], Element]
Pixels = Callable[[str], NDArray[np.uint8]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_integers_are_pixels_as_they_are(dtype: type, tree: Tree, pixels: Pixels) -> None:
    given = np.arange(24).reshape(2, 4, 3).astype(dtype)
    (layer,) = tree(image(given, "Title")).iter("image")
    assert np.array_equal(pixels(layer.attrib["href"]), given)


def test_numbers_are_shares_of_white(tree: Tree, pixels: Pixels) -> None:
    (layer,) = tree(image([[0.0, 0.5, 1.0, 2.0, np.nan]], "Title")).iter("image")
    assert pixels(layer.attrib["href"]).tolist() == [[0, 128, 255, 255, 0]]


def test_the_overlay_covers_most_where_it_weighs_most(tree: Tree, pixels: Pixels) -> None:
    picture, overlay = tree(image(np.zeros((8, 8)), "Title", overlay=[[0, 1], [2, 4]])).iter("image")
    opacity = pixels(overlay.attrib["href"])[..., 3]
    assert opacity.tolist() == [[0, 48], [96, 191]]
    assert [picture.attrib[name] for name in ("x", "width")] == [overlay.attrib[name] for name in ("x", "width")]


def test_boxes_lie_where_their_pixels_are(tree: Tree) -> None:
    drawn = tree(image(np.zeros((100, 180)), "Title", boxes=[Box(10, 20, 100, 80, "<cat>", 1, dashed=True)]))
    outline = list(drawn.iter("rect"))[1]
    assert [float(outline.attrib[name]) for name in ("x", "y", "width", "height")] == [20, 40, 180, 120]
    assert outline.attrib["stroke-dasharray"] == "5 3"
    assert next(drawn.iter("text")).text == "<cat>"


def test_large_pictures_are_made_smaller(tree: Tree, pixels: Pixels) -> None:
    (layer,) = tree(image(np.full((2000, 100, 3), 77, np.uint8), "Title")).iter("image")
    seen = pixels(layer.attrib["href"])
    assert seen.shape == (MOST_PIXELS, 100, 3)
    assert (seen == 77).all()
