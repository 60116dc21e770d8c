"""Simple translations."""

from __future__ import annotations

from attnframe_nlp.sentence_pairs.floor import nearest, simple_translation

TRAIN = [("ein Hund rennt", "a dog runs"), ("eine Katze schläft", "a cat sleeps"), ("ein Mann singt", "a man sings")]


def test_the_nearest_sentence_shares_the_rarest_words() -> None:
    assert nearest(TRAIN, ["die Katze schläft", "der Hund", "xyz"]) == ["a cat sleeps", "a dog runs", "a dog runs"]


def test_the_better_way_is_taken() -> None:
    assert simple_translation(TRAIN, ["die Katze schläft"], ["the cat sleeps"]) == (
        "translation of the nearest training source",
        ["a cat sleeps"],
    )
    assert simple_translation(TRAIN, ["Taxi Bar"], ["taxi bar"]) == ("copy of the source", ["Taxi Bar"])
