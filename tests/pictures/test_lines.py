"""Line plots."""

from __future__ import annotations

import math
from collections.abc import Callable
from xml.etree.ElementTree import Element

from attnframe.pictures import Line, lines
from attnframe.pictures.axes import LEFT, RIGHT
from attnframe.pictures.figure import WIDTH
from attnframe.pictures.lines import MOST_POINTS


def places(node: Element) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in node.attrib["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def test_a_rising_line_rises_from_left_to_right(tree: Callable[[str], Element]) -> None:
    drawn = tree(lines([Line("a", [0, 1, 2], [0, 5, 10])], "Title", "x", "y"))
    ((first, middle, last),) = [places(line) for line in drawn.iter("polyline")]
    assert (first[0], last[0]) == (LEFT, WIDTH - RIGHT)
    assert first[1] > middle[1] > last[1]
    assert abs(middle[1] - (first[1] + last[1]) / 2) < 0.1


def test_what_is_not_finite_is_a_gap(tree: Callable[[str], Element]) -> None:
    drawn = tree(lines([Line("a", range(6), [1, 2, math.nan, 3, 4, math.inf])], "Title"))
    assert [len(places(line)) for line in drawn.iter("polyline")] == [2, 2]


def test_a_single_point_is_a_dot(tree: Callable[[str], Element]) -> None:
    assert len(list(tree(lines([Line("a", [3], [4])], "Title")).iter("circle"))) == 1


def test_long_lines_keep_their_peaks(tree: Callable[[str], Element]) -> None:
    values = [0.0] * 100_000
    values[77_777] = 1.0
    markup = lines([Line("a", range(len(values)), values)], "Title")
    (line,) = tree(markup).iter("polyline")
    assert len(places(line)) <= MOST_POINTS
    assert sum(y < 50 for _, y in places(line)) == 1
    assert len(markup) < 20_000


def test_a_band_lies_around_its_line(tree: Callable[[str], Element]) -> None:
    drawn = tree(lines([Line("a", [0, 1], [1, 1], [0, 0], [2, 2])], "Title"))
    (band,) = drawn.iter("polygon")
    heights = {round(y) for _, y in places(band)}
    ((start, _),) = [places(line) for line in drawn.iter("polyline")]
    assert min(heights) < start[1] < max(heights)


def test_names_are_escaped_and_told_to_screen_readers(tree: Callable[[str], Element]) -> None:
    drawn = tree(lines([Line("<b>", [0, 1], [0, 1]), Line("c", [0, 1], [1, 0])], "T & t"))
    assert drawn.findtext("svg/title") == "T & t: <b>, c"


def test_stretches_are_shaded_behind_the_lines(tree: Callable[[str], Element]) -> None:
    drawn = tree(lines([Line("a", [0, 1, 2], [0, 5, 10])], "Title", shades=[0, 1, 0]))
    (shade,) = drawn.iter("image")
    assert (float(shade.attrib["x"]), float(shade.attrib["width"])) == (LEFT, WIDTH - LEFT - RIGHT)
    marks = [node.tag for node in drawn.iter() if node.tag in ("image", "polyline")]
    assert marks == ["image", "polyline"]
    assert not list(tree(lines([Line("a", [0, 1], [0, 1])], "Title")).iter("image"))
