"""Frames and texts."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest

from attnframe.pictures.figure import figure, shorten, text_width, thinned


def test_a_drawing_is_named_for_eyes_and_screen_readers(tree: Callable[[str], Element]) -> None:
    root = tree(figure("A & B", "<g/>", 100))
    assert root.findtext("figcaption") == root.findtext("svg/title") == "A & B"
    assert [drawn.attrib["role"] for drawn in root.findall("svg")] == ["img"]


def test_long_texts_end_with_an_ellipsis() -> None:
    assert shorten("short", 100) == "short"
    cut = shorten("a rather long label", 50)
    assert cut.endswith("…")
    assert text_width(cut) <= 50
    assert shorten("a\nb", 100) == "a⏎b"


def test_wide_letters_take_more_room() -> None:
    assert text_width("日本") > text_width("ab")
    assert text_width("é") == text_width("e\u0301")


@pytest.mark.parametrize(
    ("count", "room", "chosen"), [(4, 100, [0, 1, 2, 3]), (10, 50, [0, 2, 4, 6, 8]), (100, 20, [0, 50]), (0, 10, [])]
)
def test_labels_are_thinned_evenly(count: int, room: float, chosen: list[int]) -> None:
    assert thinned(count, room, 10) == chosen
