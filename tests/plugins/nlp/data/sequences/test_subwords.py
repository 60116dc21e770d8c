"""Pieces of words, hashed."""

from __future__ import annotations

from attnframe_nlp.data.sequences.subwords import MOST, subword_table, subwords


def test_a_word_has_its_n_grams_with_marks_at_its_ends() -> None:
    # <ab>: <ab, ab>, <ab>
    assert len(subwords("ab", 1000)) == 3
    assert len(subwords("abc", 1000)) == 3 + 2 + 1
    assert all(1 <= number <= 7 for number in subwords("something", 7))


def test_words_with_a_common_beginning_share_subwords() -> None:
    assert len(set(subwords("play", 10**6)) & set(subwords("player", 10**6))) >= 5
    assert not set(subwords("play", 10**6)) & set(subwords("order", 10**6))


def test_a_table_is_filled_with_zeros() -> None:
    table = subword_table(["ab", "an extraordinarily long one"], 100)
    assert table.shape == (2, MOST)
    assert (table[0] > 0).sum() == 3
    assert (table[1] > 0).all()
    assert subword_table(["ab"], 0).shape == (1, 0)
