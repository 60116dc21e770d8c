"""Ids of words, letters, bytes and byte pairs."""

from __future__ import annotations

from typing import Literal

import pytest
from attnframe_nlp.data.sequences.vocabulary import (
    PADDING,
    SPECIAL,
    UNKNOWN,
    PieceVocabulary,
    TokenizerVocabulary,
    TokenKind,
    fit_vocabulary,
    vocabulary_from,
    words,
)
from attnframe_nlp.tokenizer.make import fit_tokenizer

TEXTS = ["The cat saw the dog.", "The dog isn't here; it's 3.5 km off!"]


@pytest.mark.parametrize("kind", ["word", "character", "byte", "bpe"])
def test_every_id_has_a_name_of_its_own(kind: TokenKind) -> None:
    vocabulary = fit_vocabulary(kind, TEXTS, lowercase=True, min_count=1, size=270)
    names = vocabulary.every_name()
    assert len({*names}) == len(names) == vocabulary.size
    if kind in ("word", "character"):
        assert [names[number] for number in vocabulary.encode("a the")] == (
            [names[UNKNOWN], "the"] if kind == "word" else list("a the")
        )


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


@pytest.mark.parametrize(("kind", "text"), [("word", "good ⁇ film"), ("character", "good⁇film")])
def test_ids_can_be_read_again(kind: Literal["word", "character"], text: str) -> None:
    vocabulary = PieceVocabulary(kind, False, ["good", "film"])
    ids = [SPECIAL, UNKNOWN, SPECIAL + 1, PADDING]
    assert vocabulary.names(ids) == ["good", "⁇", "film"]
    assert vocabulary.text(ids) == text


def test_ids_of_a_tokenizer_can_be_read_again() -> None:
    tokenizer = fit_tokenizer("byte", train=["é"], every=["é"], size=0)
    vocabulary = TokenizerVocabulary(tokenizer, lowercase=False)
    assert vocabulary.text([*vocabulary.encode("né").tolist(), PADDING, PADDING]) == "né"
    assert vocabulary.names([*vocabulary.encode("n").tolist(), UNKNOWN, PADDING]) == ["n", "⁇"]
