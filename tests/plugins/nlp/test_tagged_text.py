"""Tagged text that a person can read."""

from __future__ import annotations

from attnframe_nlp.tagged_text import spans_of, tagged_text

WORDS = ["play", "blue", "monday", "by", "Paris"]
SPANS = ["O", "B-song", "I-song", "O", "I-artist"]


def test_spans() -> None:
    assert spans_of(WORDS, SPANS) == [
        {"kind": "song", "text": "blue monday", "first": 1, "last": 2},
        {"kind": "artist", "text": "Paris", "first": 4, "last": 4},
    ]
    kinds = [span["text"] for span in spans_of(list("abcd"), ["B-x", "B-x", "I-y", "I-y"])]
    assert kinds == ["a", "b", "c d"]


def test_spans_are_in_brackets_and_other_tags_behind_a_stroke() -> None:
    assert tagged_text(WORDS, SPANS, "spans") == "play [blue monday](song) by [Paris](artist)"
    assert tagged_text(["go", "on"], ["O", "O"], "spans") == "go on"
    assert tagged_text(["go", "on"], ["VERB", "ADV"], "words") == "go/VERB on/ADV"


def test_letters_have_their_tags_below_them() -> None:
    assert tagged_text(["M", "K"], ["C", "H"], "letters") == "CH"
    assert tagged_text(["M", "K"], ["loop", "H"], "letters") == "loop H"
