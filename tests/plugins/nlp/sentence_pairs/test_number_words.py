"""Numbers in words: which are drawn, and how they are parted."""

from __future__ import annotations

import pytest
from attnframe_nlp.sentence_pairs.number_words import NumberWordsSource, drawn, in_words

from attnframe.errors import DataError

SPLIT = (0.8, 0.05, 0.15)


def test_numbers_are_in_one_part_each() -> None:
    pairs = NumberWordsSource("en", "de", 400, SPLIT).read()
    parts = [{pair[0] for pair in pairs.parts[part]} for part in ("train", "val", "test")]
    assert [len(part) for part in parts] == [420, 20, 60]
    assert len(set.union(*parts)) == 500
    assert ("forty-two", "zweiundvierzig") in pairs.parts["train"]
    assert {in_words(number, "en") for number in range(100)} <= parts[0]


def test_numbers_are_drawn_evenly_by_digits() -> None:
    numbers = drawn(800)
    assert len(set(numbers)) == 800
    counts = [sum(len(str(number)) == digits for number in numbers) for digits in range(1, 8)]
    assert counts == [0, 0, 200, 200, 200, 200, 0]
    assert drawn(800) == numbers
    assert sum(number < 1000 for number in drawn(6000)) == 450
    assert len(drawn(6000)) == 6000


def test_languages_that_the_package_does_not_know_are_all_named() -> None:
    with pytest.raises(DataError) as caught:
        NumberWordsSource("xx", "yy", 400, SPLIT).read()
    text = str(caught.value)
    assert "data.source must be a language of num2words. Got 'xx'." in text
    assert "data.target must be a language of num2words. Got 'yy'." in text


def test_a_number_that_the_package_cannot_write_is_named() -> None:
    with pytest.raises(
        DataError, match=r"The language 'en' must be a language in which num2words can write 10+\. Got Over"
    ):
        in_words(10**400, "en")


def test_a_split_that_leaves_a_part_empty() -> None:
    with pytest.raises(DataError, match=r"data\.split must leave numbers to the val part\. Got \[0\.9, 0\.0, 0\.1\]"):
        NumberWordsSource("en", "de", 400, (0.9, 0.0, 0.1)).read()
