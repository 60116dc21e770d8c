"""The attention decoder: its scores are log probabilities of texts."""

from __future__ import annotations

import itertools

import pytest
import torch
from attnframe_speech.networks.writer import Writer
from attnframe_speech.recipes.recogniser_models import RecogniserTransformer

from attnframe.plugin.contract import Parts
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.position.sinusoidal import SinusoidalScheme


@pytest.fixture
def writer() -> Writer:
    torch.manual_seed(0)
    model = RecogniserTransformer(dim=16, depth=1, decoder=1)
    return Writer(model, Parts(MultiHeadAttention(num_heads=2), SinusoidalScheme(), model), 3).eval()


def test_texts_of_one_length_share_what_longer_ones_leave(writer: Writer) -> None:
    states, present = torch.randn(1, 4, 16), torch.ones(1, 4, dtype=torch.bool)
    texts = [list(text) for length in range(7) for text in itertools.product((0, 1, 2), repeat=length)]
    letters = torch.tensor([text + [0] * (6 - len(text)) for text in texts])
    lengths = torch.tensor([len(text) for text in texts])
    with torch.no_grad():
        scores = writer.scores(letters, lengths, states.expand(len(texts), -1, -1), present.expand(len(texts), -1))
    by_length = [float(scores[lengths == length].exp().sum()) for length in range(7)]
    assert all(share > 0 for share in by_length)
    assert 0 < sum(by_length) < 1


def test_letters_beyond_the_end_do_not_matter(writer: Writer) -> None:
    states, present = torch.randn(2, 4, 16), torch.ones(2, 4, dtype=torch.bool)
    lengths = torch.tensor([2, 3])
    first = writer.scores(torch.tensor([[1, 2, 0], [1, 1, 2]]), lengths, states, present)
    second = writer.scores(torch.tensor([[1, 2, 2], [1, 1, 2]]), lengths, states, present)
    torch.testing.assert_close(first, second)
    alone = writer.scores(torch.tensor([[1, 2]]), torch.tensor([2]), states[:1], present[:1])
    torch.testing.assert_close(first[:1], alone)
