"""Scatter plots."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest

from attnframe.pictures import points
from attnframe.pictures.points import MOST_POINTS


def test_equal_pairs_lie_on_the_diagonal(tree: Callable[[str], Element]) -> None:
    drawn = tree(points({"": [(1, 1), (2, 2), (4, 4)]}, "Title", diagonal=True))
    diagonal = next(line for line in drawn.iter("line") if "stroke-dasharray" in line.attrib)
    x1, y1, x2, y2 = (float(diagonal.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
    for dot in drawn.iter("circle"):
        share = (float(dot.attrib["cx"]) - x1) / (x2 - x1)
        assert float(dot.attrib["cy"]) == pytest.approx(y1 + share * (y2 - y1), abs=0.1)


def test_of_many_points_some_are_drawn(tree: Callable[[str], Element]) -> None:
    drawn = tree(points({"a": [(i, i) for i in range(5000)], "b": []}, "Title"))
    assert len(list(drawn.iter("circle"))) <= MOST_POINTS + 2
