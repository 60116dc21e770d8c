"""Small pictures."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np

from attnframe.pictures import thumbnails


def test_pictures_stand_in_rows_of_four_and_keep_their_shape(tree: Callable[[str], Element]) -> None:
    arrays = [np.zeros((4, 8), np.uint8)] * 5
    drawn = tree(thumbnails(arrays, [["<cat>", "0.9"]] * 5, "Mistakes"))
    places = [(float(image.attrib["x"]), float(image.attrib["y"])) for image in drawn.iter("image")]
    assert [x for x, _ in places] == [0, 92, 184, 276, 0]
    assert places[4][1] > places[0][1]
    first = next(drawn.iter("image"))
    assert float(first.attrib["width"]) == 2 * float(first.attrib["height"]) == 84
    assert [node.text for node in drawn.iter("text")][:2] == ["<cat>", "0.9"]


def test_no_pictures_can_be_drawn(tree: Callable[[str], Element]) -> None:
    assert tree(thumbnails([], [], "None")) is not None
