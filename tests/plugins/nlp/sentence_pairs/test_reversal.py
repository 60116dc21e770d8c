"""Sequences and their reversal."""

from __future__ import annotations

import pytest
from attnframe_nlp.recipes.reversal import Reversal
from attnframe_nlp.sentence_pairs.reversal import ReversalSource

from attnframe.errors import ConfigurationError, DataError

SPLIT = (0.8, 0.1, 0.1)


def test_every_target_is_its_source_backwards_and_none_occurs_twice() -> None:
    pairs = ReversalSource(300, letters=5, shortest=3, longest=9, split=SPLIT).read()
    assert [len(pairs.parts[part]) for part in ("train", "val", "test")] == [240, 30, 30]
    every = [pair for part in pairs.parts.values() for pair in part]
    assert len({source for source, _ in every}) == 300
    for source, target in every:
        letters = source.split()
        assert target.split() == letters[::-1]
        assert 3 <= len(letters) <= 9
        assert set(letters) <= set("abcde")
    assert ReversalSource(300, 5, 3, 9, SPLIT).read().digest == pairs.digest


def test_more_sequences_than_there_are() -> None:
    with pytest.raises(DataError, match=r"must be at most the different sequences that are drawn: 12\. Got 200"):
        ReversalSource(200, letters=2, shortest=2, longest=3, split=SPLIT).read()


def test_lengths_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match=r"data\.shortest .* must be at most data\.longest=4"):
        Reversal(longest=4)
    with pytest.raises(ConfigurationError, match=r"data\.longest .* must be below data\.max_length=17"):
        Reversal(longest=17)
