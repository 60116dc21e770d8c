"""Ids of words, letters, bytes and byte pairs."""

from __future__ import annotations

import pytest
from attnframe_nlp.data.sequences.vocabulary import (
    SPECIAL,
    UNKNOWN,
    PieceVocabulary,
    TokenKind,
    fit_vocabulary,
    vocabulary_from,
    words,
)

TEXTS = ["The cat saw the dog.", "The dog isn't here; it's 3.5 km off!"]


def test_words_keep_their_apostrophes_and_points() -> None:
    assert words("It isn't 3.5 km, 'tis said: that's all.") == (
        ["It", "isn't", "3.5", "km", ",", "'tis", "said", ":", "that's", "all", "."]
    )
    assert words("we do n't know what 's up ") == ["we", "do", "n't", "know", "what", "'s", "up"]


def test_frequent_words_come_first_and_rare_ones_are_unknown() -> None:
    vocabulary = fit_vocabulary("word", TEXTS, lowercase=True, min_count=2, size=0)
    assert isinstance(vocabulary, PieceVocabulary)
    assert vocabulary.pieces == ["the", "dog"]
    assert vocabulary.encode("THE dog and the cat").tolist() == [SPECIAL, SPECIAL + 1, UNKNOWN, SPECIAL, UNKNOWN]


def test_case_is_kept_on_request() -> None:
    vocabulary = fit_vocabulary("word", TEXTS, lowercase=False, min_count=1, size=0)
    assert vocabulary.encode("The the")[0] != vocabulary.encode("The the")[1]


def test_unknown_letters_have_an_id() -> None:
    vocabulary = fit_vocabulary("character", ["ACGT"], lowercase=False, min_count=1, size=0)
    assert vocabulary.size == 4 + SPECIAL
    assert vocabulary.encode("AxT").tolist() == [SPECIAL, UNKNOWN, SPECIAL + 3]


@pytest.mark.parametrize("kind", ["word", "character", "byte", "bpe"])
def test_a_vocabulary_is_rebuilt_from_its_values(kind: TokenKind) -> None:
    vocabulary = fit_vocabulary(kind, TEXTS, lowercase=True, min_count=1, size=300)
    again = vocabulary_from(vocabulary.values())
    text = "The CAT, naïve!"
    assert again.encode(text).tolist() == vocabulary.encode(text).tolist()
    assert again.size == vocabulary.size
    assert min(vocabulary.encode(text).tolist()) >= UNKNOWN
    assert max(vocabulary.encode(text).tolist()) < vocabulary.size


@pytest.mark.parametrize("kind", ["word", "character", "byte", "bpe"])
def test_stops_are_the_ids_of_the_marks_that_end_sentences(kind: TokenKind) -> None:
    vocabulary = fit_vocabulary(kind, TEXTS, lowercase=True, min_count=1, size=300)
    for mark in ".!":
        assert int(vocabulary.encode(mark)[0]) in vocabulary.stops
