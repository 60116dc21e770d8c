"""Laws of every tokenizer, and what is particular to each."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from attnframe_nlp.tokenizer.base import Tokenizer
from attnframe_nlp.tokenizer.bpe import BytePairTokenizer
from attnframe_nlp.tokenizer.byte import ByteTokenizer
from attnframe_nlp.tokenizer.character import CharacterTokenizer
from attnframe_nlp.tokenizer.make import fit_tokenizer, tokenizer_from

from attnframe.errors import DataError

TEXT = "Grüße an alle!\r\n\tÀ bientôt — 東京 🎈🎈\n\n  the the then there\n" * 3


def character() -> Tokenizer:
    return CharacterTokenizer.fit([TEXT])


def byte() -> Tokenizer:
    return ByteTokenizer()


def bpe() -> Tokenizer:
    return BytePairTokenizer.fit([TEXT], 300)


every = pytest.mark.parametrize("make", [character, byte, bpe])


@every
def test_every_token_has_a_name_of_its_own(make: Callable[[], Tokenizer]) -> None:
    names = make().names()
    assert len({*names}) == len(names) == make().size


def test_a_token_has_one_name_in_every_vocabulary() -> None:
    for one, other in (
        (CharacterTokenizer.fit(["abc"]), CharacterTokenizer.fit(["cab then"])),
        (BytePairTokenizer.fit(["the the then"], 258), BytePairTokenizer.fit(["a theme, the theory"], 300)),
    ):
        (first,), (second,) = one.encode("c"), other.encode("c")
        assert one.names()[first] == other.names()[second]
        shared = {*one.names()} & {*other.names()}
        for name in shared:
            places = (one.names().index(name), other.names().index(name))
            assert one.decode([places[0]]) == other.decode([places[1]])


@every
def test_decode_undoes_encode(make: Callable[[], Tokenizer]) -> None:
    tokenizer = make()
    tokens = tokenizer.encode(TEXT)
    assert tokens.dtype == np.int64
    assert tokenizer.decode(tokens.tolist()) == TEXT
    assert tokens.min() >= 0
    assert tokens.max() < tokenizer.size


@every
def test_characters_of_tokens_sum_to_the_length_of_the_text(make: Callable[[], Tokenizer]) -> None:
    tokenizer = make()
    assert tokenizer.characters().shape == (tokenizer.size,)
    assert tokenizer.characters()[tokenizer.encode(TEXT)].sum() == len(TEXT)


@every
def test_values_are_plain_and_rebuild_it(make: Callable[[], Tokenizer]) -> None:
    tokenizer = make()
    again = tokenizer_from(json.loads(json.dumps(tokenizer.values())))
    assert again.values() == tokenizer.values()
    assert again.size == tokenizer.size
    assert again.encode(TEXT).tolist() == tokenizer.encode(TEXT).tolist()


def test_character_ids_are_places_in_the_sorted_vocabulary() -> None:
    tokenizer = CharacterTokenizer.fit(["banana", "d"])
    assert tokenizer.vocabulary == "abdn"
    assert tokenizer.encode("nab").tolist() == [3, 0, 1]


def test_character_names_what_it_does_not_know() -> None:
    tokenizer = CharacterTokenizer("abc")
    assert tokenizer.unknown("a é b ü") == {" ", "é", "ü"}
    with pytest.raises(DataError) as error:
        tokenizer.encode("a é")
    assert str(error.value) == (
        "The text must use only the 3 characters of the vocabulary. Got ' ' 'é'. "
        "Leave them out, or train with data.tokenizer=byte or bpe, which know every character."
    )


def test_byte_is_the_utf8_form() -> None:
    tokenizer = ByteTokenizer()
    assert tokenizer.encode("é").tolist() == [0xC3, 0xA9]
    assert tokenizer.characters()[[0xC3, 0xA9, 0x41]].tolist() == [1, 0, 1]


def test_byte_shows_a_cut_character_as_replacement() -> None:
    assert ByteTokenizer().decode([0x41, 0xC3]) == "A\ufffd"


def test_bpe_learns_merges_and_knows_every_character() -> None:
    tokenizer = BytePairTokenizer.fit(["the cat the cat the cat "], 260)
    assert 256 < tokenizer.size <= 260
    assert len(tokenizer.encode("the cat")) < len("the cat")
    assert tokenizer.unknown("東") == set()
    assert tokenizer.decode(tokenizer.encode("東").tolist()) == "東"


def test_bpe_learns_from_the_training_part_alone() -> None:
    with_more = fit_tokenizer("bpe", train=["abab abab "], every=["abab abab ", "xyxy xyxy "], size=258)
    assert with_more.values() == fit_tokenizer("bpe", train=["abab abab "], every=[], size=258).values()


def test_characters_are_listed_from_every_part() -> None:
    assert fit_tokenizer("character", train=["ab"], every=["ab", "c"], size=0).size == 3
