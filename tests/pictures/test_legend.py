"""Legends."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from attnframe.pictures.colours import SERIES
from attnframe.pictures.legend import legend


def test_entries_wrap(tree: Callable[[str], Element]) -> None:
    markup, height = legend([f"a series with a name {number}" for number in range(3)], 100)
    rows = [float(line.attrib["y1"]) for line in tree(f"<g>{markup}</g>").iter("line")]
    assert rows == [108, 124, 140]
    assert height == 48
    assert legend([], 0) == ("", 0)


def test_dots_have_the_colours_of_their_series(tree: Callable[[str], Element]) -> None:
    markup, _ = legend(["a", "b"], 0, dots=True)
    assert [dot.attrib["fill"] for dot in tree(f"<g>{markup}</g>").iter("circle")] == list(SERIES[:2])
