"""Vocabularies: there and back, what is unknown, and what is saved."""

from __future__ import annotations

import pytest
from attnframe_nlp.sentence_pairs.piece_vocabulary import PieceVocabulary
from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, PAD, SPECIAL, UNKNOWN, vocabulary_from
from attnframe_nlp.sentence_pairs.word_vocabulary import WordVocabulary, detokenised

SENTENCES = ["Two dogs run, fast!", "Two men don't run (today).", 'A man says "run" - in Zürich 3.5 times.']


def test_every_id_has_a_name_of_its_own() -> None:
    words = WordVocabulary.fit(SENTENCES, 1, True, False)
    for vocabulary in (words, PieceVocabulary.fit(SENTENCES, 300, False)):
        assert len({*vocabulary.names()}) == len(vocabulary.names()) == vocabulary.size
    (tokens,) = words.encode(["two cats"])
    assert [words.names()[token] for token in tokens] == ["two", words.names()[UNKNOWN]]


@pytest.mark.parametrize("sentence", [*SENTENCES, "Ganz anders: ß, 日本語", "double  spaces"])
def test_pieces_lose_nothing(sentence: str) -> None:
    vocabulary = PieceVocabulary.fit(SENTENCES, 300, False)
    (tokens,) = vocabulary.encode([sentence])
    assert vocabulary.decode([BEGIN, *tokens, END, PAD]) == sentence
    assert min(tokens) >= SPECIAL
    assert max(tokens) < vocabulary.size <= 300


def test_the_first_word_is_the_word_that_it_is_elsewhere() -> None:
    vocabulary = PieceVocabulary.fit(["dogs dogs dogs"] * 9, 300, False)
    ((first, second),) = vocabulary.encode(["dogs dogs"])
    assert first == second
    assert vocabulary.pieces([first]) == ["dogs"]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_known_words_come_back_as_prose(sentence: str) -> None:
    vocabulary = WordVocabulary.fit(SENTENCES, 1, False, False)
    assert vocabulary.decode(vocabulary.encode([sentence])[0]) == sentence


def test_words_that_are_rare_are_unknown() -> None:
    vocabulary = WordVocabulary.fit(SENTENCES, 2, True, False)
    assert set(vocabulary.words) == {"run", "two", ".", '"'}
    (tokens,) = vocabulary.encode(["Two cats RUN."])
    assert tokens[1] == UNKNOWN
    assert vocabulary.decode(tokens) == "two ⁇ run."


def test_tokens_as_given() -> None:
    vocabulary = WordVocabulary.fit(["das ist 's ,", "das ist"], 1, False, True)
    assert vocabulary.decode(vocabulary.encode(["das 's ist ,"])[0]) == "das 's ist ,"
    assert vocabulary.words[:2] == ["das", "ist"]


@pytest.mark.parametrize("lower_case", [False, True])
def test_saved_values_give_the_same(lower_case: bool) -> None:
    for vocabulary in (
        PieceVocabulary.fit(SENTENCES, 300, lower_case),
        WordVocabulary.fit(SENTENCES, 1, lower_case, False),
    ):
        again = vocabulary_from(vocabulary.values())
        assert again.encode(SENTENCES) == vocabulary.encode(SENTENCES)
        assert again.values() == vocabulary.values()
        assert (again.encode(["RUN"]) == again.encode(["run"])) is lower_case


def test_detokenised() -> None:
    assert detokenised('" Stop " , he said ( twice ) : it is n\'t so !') == '"Stop", he said (twice): it isn\'t so!'
