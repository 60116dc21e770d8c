"""Shaded words."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest

from attnframe.pictures import tokens


def test_heavier_words_are_darker_and_say_their_weight(tree: Callable[[str], Element]) -> None:
    spans = list(tree(tokens(["<b>", "the", "film"], [0.0, 0.1, 0.4], "Why")).iter("span"))
    assert [span.text for span in spans] == ["<b>", "the", "film"]
    assert spans[2].attrib["title"] == "film: 0.4"
    blues = [int(span.attrib["style"][len("background:#") :][:2], 16) for span in spans]
    assert blues[0] == 255 > blues[1] > blues[2]


@pytest.mark.parametrize(("joined", "text"), [(True, "ab⏎"), (False, "a b ⏎")])
def test_pieces_stand_apart_or_together(joined: bool, text: str, tree: Callable[[str], Element]) -> None:
    assert "".join(tree(tokens(["a", "b", "\n"], [1, 2, 3], joined=joined)).itertext()) == text


def test_no_words_and_no_weights_can_be_drawn(tree: Callable[[str], Element]) -> None:
    assert tree(tokens([], [])) is not None
    assert tree(tokens(["", "b"], [0, float("nan")])) is not None
