"""The simple methods, by hand."""

from __future__ import annotations

import math

from attnframe_nlp.data.tagged.floor import TagFloor
from attnframe_nlp.data.tagged.module import Part
from attnframe_nlp.data.tagged.sentences import UNTAGGED

TRAIN = Part([("a", "b", "a"), ("b", "b")], [("x", "y", "x"), ("y", "x")], ["one", "two"])


def test_the_most_frequent_tag_of_a_token() -> None:
    test = Part([("a", "b", "new")], [("x", "y", "y")], ["one"])
    assert TagFloor(0).frequent_answers(TRAIN, test) == [["x", "y", "x"]]
    scores = TagFloor(0).scores(TRAIN, test)
    assert math.isclose(scores["test/accuracy"], 2 / 3)
    assert "test/slot_f1" not in scores
    assert scores["test/intent_accuracy"] == 1.0
    assert scores["test/sentence_accuracy"] == 0.0


def test_tokens_without_a_tag_do_not_count() -> None:
    train = Part([("a", "b")], [("x", UNTAGGED)], [])
    test = Part([("a", "a")], [("x", UNTAGGED)], [])
    assert TagFloor(0).scores(train, test)["test/accuracy"] == 1.0
    assert TagFloor(1).scores(train, test)["test/accuracy"] == 1.0


def test_a_window_tells_what_a_token_alone_does_not() -> None:
    # The tag is the token before: no token tells its own.
    rows = [("p", "m", "q", "m"), ("q", "m", "p", "m")] * 5
    tags = [("o", "p", "o", "q"), ("o", "q", "o", "p")] * 5
    part = Part(rows, tags, [])
    assert TagFloor(1).window_answers(part, part) == [list(row) for row in tags]
    assert TagFloor(1).scores(part, part)["name"] == "naive Bayes over 3 tokens"
