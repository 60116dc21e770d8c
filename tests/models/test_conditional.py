"""A decoder with its context: the same logits with and without caches, for contexts that many or one sequence read."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from attnframe.bridges import Luong
from attnframe.models import Conditional, Decoder, RecurrentDecoder
from attnframe.positions import Rotary
from attnframe.recipes.attention.mha import MultiHeadAttention

DIM, VOCABULARY = 16, 11
MHA = MultiHeadAttention(num_heads=4)


def decoders() -> dict[str, Decoder | RecurrentDecoder]:
    torch.manual_seed(0)
    luong = Luong(MHA.build(DIM, context_dim=DIM))
    return {
        "transformer": Decoder(DIM, 2, MHA, Rotary(4), context_dim=DIM).eval(),
        "recurrent": RecurrentDecoder(luong).eval(),
    }


@pytest.mark.parametrize("name", ["transformer", "recurrent"])
@pytest.mark.parametrize("copies", [1, 2])
def test_cached_steps_equal_the_whole(name: str, copies: int) -> None:
    embedding, head = nn.Embedding(VOCABULARY, DIM), nn.Linear(DIM, VOCABULARY)
    valid = torch.arange(5) < torch.tensor([[5], [3], [4]])
    model = Conditional(decoders()[name], embedding, head, torch.randn(3, 5, DIM), valid)
    tokens = torch.randint(VOCABULARY, (3 * copies, 6))
    with torch.inference_mode():
        caches = model.new_caches(len(tokens), 6)
        for step in range(6):
            logits = model.next_logits(tokens[:, step : step + 1], caches)
            torch.testing.assert_close(logits, model.next_logits(tokens[:, : step + 1]), atol=1e-5, rtol=1e-5)


def test_reordered_caches_read_the_contexts_that_are_left() -> None:
    embedding, head = nn.Embedding(VOCABULARY, DIM), nn.Linear(DIM, VOCABULARY)
    valid = torch.arange(5) < torch.tensor([[5], [3], [4]])
    context = torch.randn(3, 5, DIM)
    decoder = decoders()["transformer"]
    model = Conditional(decoder, embedding, head, context, valid)
    left = Conditional(decoder, embedding, head, context[[0, 2]], valid[[0, 2]])
    tokens = torch.randint(VOCABULARY, (6, 3))
    order = torch.tensor([1, 1, 5, 4])
    with torch.inference_mode():
        caches = model.new_caches(6, 6)
        model.next_logits(tokens[:, :2], caches)
        caches.reorder(order)
        logits = model.next_logits(tokens[order, 2:], caches)
        torch.testing.assert_close(logits, left.next_logits(tokens[order]), atol=1e-5, rtol=1e-5)
