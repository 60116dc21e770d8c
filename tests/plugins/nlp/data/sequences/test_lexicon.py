"""Numbers of words, their ids and their subwords."""

from __future__ import annotations

import pytest
import torch
from attnframe_nlp.data.sequences.lexicon import Lexicon
from attnframe_nlp.data.sequences.subwords import subwords
from attnframe_nlp.data.sequences.vocabulary import PADDING, UNKNOWN, PieceVocabulary, fit_vocabulary

VOCABULARY = PieceVocabulary("word", True, ["play", "the"])


def test_without_subwords_numbers_are_ids() -> None:
    lexicon = Lexicon(VOCABULARY, 0)
    numbers = torch.from_numpy(lexicon.encode("Play the lute")).unsqueeze(0)
    ids, spellings = lexicon.look_up(numbers)
    assert ids.tolist() == [[2, 3, UNKNOWN]]
    assert spellings.shape == (1, 3, 0)


def test_words_that_the_vocabulary_does_not_hold_have_subwords() -> None:
    lexicon = Lexicon(VOCABULARY, 1000)
    first = torch.from_numpy(lexicon.encode("Play the lute"))
    second = torch.from_numpy(lexicon.encode_pieces(["Lute", "play"]))
    batch = torch.stack([first, torch.cat([second, torch.tensor([PADDING])])])
    ids, spellings = lexicon.look_up(batch)
    assert ids.tolist() == [[2, 3, UNKNOWN], [UNKNOWN, 2, PADDING]]
    assert spellings[0, 2].tolist() == spellings[1, 0].tolist()
    assert [number for number in spellings[0, 2].tolist() if number] == subwords("lute", 1000)
    assert spellings[1, 2].tolist() == [0] * spellings.shape[2]


def test_a_tokenizer_has_no_pieces() -> None:
    lexicon = Lexicon(fit_vocabulary("byte", ["a"], lowercase=False, min_count=1, size=0), 0)
    assert lexicon.encode("ab").tolist() == [ord("a") + 2, ord("b") + 2]
    with pytest.raises(TypeError, match="only a vocabulary of pieces"):
        lexicon.encode_pieces(["a"])
