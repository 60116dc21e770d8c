"""The vectors of tokens."""

from __future__ import annotations

import torch
from attnframe_nlp.data.sequences.vocabulary import UNKNOWN
from attnframe_nlp.token_networks.embedding import TokenEmbedding

TOKENS = torch.tensor([[2, 3, 4], [3, 2, 0]])
NONE = torch.zeros(2, 3, 0, dtype=torch.int64)


def test_vectors_are_sums_of_those_of_token_pair_and_subwords() -> None:
    embedding = TokenEmbedding(10, 4, pairs=97, subwords=20).eval()
    for table in (embedding.pairs, embedding.subwords):
        assert table is not None
        torch.nn.init.normal_(table.weight)
    assert embedding.pairs is not None
    assert embedding.subwords is not None
    spellings = torch.zeros(2, 3, 2, dtype=torch.int64)
    spellings[0, 1] = torch.tensor([5, 7])
    spellings[1, 1] = torch.tensor([5, 0])
    found = embedding(TOKENS, spellings)
    pair = embedding.pairs.weight[(2 * 1_000_003 + 3) % 97]
    weight = embedding.subwords.weight
    torch.testing.assert_close(found[0, 1], embedding.tokens.weight[3] + pair + (weight[5] + weight[7]) / 2)
    pair = embedding.pairs.weight[(3 * 1_000_003 + 2) % 97]
    torch.testing.assert_close(found[1, 1], embedding.tokens.weight[2] + pair + weight[5])


def test_pairs_and_subwords_start_at_nothing() -> None:
    embedding = TokenEmbedding(10, 4, pairs=97, subwords=20).eval()
    found = embedding(TOKENS, torch.ones(2, 3, 2, dtype=torch.int64))
    assert torch.equal(found, embedding.tokens(TOKENS))


def test_words_are_dropped_in_training_only() -> None:
    torch.manual_seed(0)
    embedding = TokenEmbedding(10, 4, word_dropout=0.5)
    tokens = torch.full((40, 50), 7)
    dropped = (embedding(tokens, torch.zeros(40, 50, 0, dtype=torch.int64)) == embedding.tokens.weight[UNKNOWN]).all(2)
    assert 0.45 < dropped.float().mean() < 0.55
    assert torch.equal(embedding.eval()(TOKENS, NONE), embedding.tokens(TOKENS))


def test_padding_is_never_dropped() -> None:
    embedding = TokenEmbedding(10, 4, word_dropout=1.0)
    found = embedding(TOKENS, NONE)
    assert torch.equal(found[1, 2], embedding.tokens.weight[0])
    assert torch.equal(found[0], embedding.tokens.weight[[UNKNOWN] * 3])
