"""Bar charts."""

from __future__ import annotations

import math
from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest

from attnframe.pictures import bars


def test_lengths_are_in_proportion(tree: Callable[[str], Element]) -> None:
    rects = list(tree(bars(["a", "b"], [1, 2], "Title")).iter("rect"))
    assert float(rects[1].attrib["width"]) == pytest.approx(2 * float(rects[0].attrib["width"]), rel=1e-3)
    assert rects[0].attrib["x"] == rects[1].attrib["x"]


def test_negative_numbers_go_to_the_left(tree: Callable[[str], Element]) -> None:
    left, right = (
        float(rect.attrib["x"]) + float(rect.attrib["width"])
        for rect in list(tree(bars(["a", "b"], [-1, 1], "Title")).iter("rect"))
    )
    assert left < right


def test_marks_and_deviations_lie_within_the_drawing(tree: Callable[[str], Element]) -> None:
    drawn = tree(bars(["a"], [0.5], "Title", errors=[0.4], marks={"floor": 0.2, "published": 1.5}))
    assert {line.attrib["x1"] for line in drawn.iter("line")} >= {line.attrib["x2"] for line in drawn.iter("line")}
    assert all(0 <= float(line.attrib["x1"]) <= 360 for line in drawn.iter("line"))
    texts = [node.text for node in drawn.iter("text")]
    assert texts[-3:] == ["floor 0.2", "published 1.5", "0.5"]


def test_what_is_no_number_is_said_to_be_none(tree: Callable[[str], Element]) -> None:
    drawn = tree(bars(["a", "<b>"], [math.nan, 1], "Title"))
    assert "no number" in [node.text for node in drawn.iter("text")]
    assert "<b>" in [node.text for node in drawn.iter("text")]
    assert tree(bars([], [], "Nothing")) is not None
