"""Titles and columns as tokens."""

from __future__ import annotations

from attnframe_recommendation.data.attributes import described


def test_values_and_shared_words_become_tokens() -> None:
    found = described(["The Red Lamp", "the green chair", ""], {"kind": ["light|red ", "seat", ""]})
    assert found.names == ("kind=light", "kind=red", "title=the", "kind=seat")
    assert found.of_item == ((1, 2, 3), (4, 3), ())


def test_nothing_said_is_no_tokens() -> None:
    assert described([], {}).names == ()
    assert described(["one"], {}).of_item == ((),)
