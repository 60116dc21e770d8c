"""Hierarchies: the composition, padding of items and of parts, and a document that is learnt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
import torch
from torch import nn

from attnframe.bridges import Recurrence
from attnframe.errors import ConfigurationError
from attnframe.models import AttentionRNN, Encoder, Hierarchical
from attnframe.positions import Sinusoidal
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

DIM = 8
MHA = MultiHeadAttention(num_heads=2)
ENCODERS: dict[str, Callable[[], nn.Module]] = {
    "attention": lambda: Encoder(DIM, 1, MHA, Sinusoidal(DIM)),
    "attention over states": lambda: AttentionRNN(DIM, 1, MHA),
    "states": lambda: Recurrence(DIM, DIM, "gru", bidirectional=True),
}


def make(name: str, pool: Literal["attention", "mean"] = "attention") -> Hierarchical:
    torch.manual_seed(0)
    return Hierarchical(ENCODERS[name](), ENCODERS[name](), DIM, pool).eval()


@pytest.mark.parametrize("name", ENCODERS)
def test_is_its_levels_one_over_the_other(name: str) -> None:
    model, x = make(name), torch.randn(2, 3, 4, DIM)
    parts = torch.stack([model.items(x[:, part]) for part in range(3)], 1)
    torch.testing.assert_close(model(x), model.parts(parts))


@pytest.mark.parametrize("pool", ["attention", "mean"])
@pytest.mark.parametrize("name", ENCODERS)
def test_padding_of_items_and_parts_changes_nothing(name: str, pool: Literal["attention", "mean"]) -> None:
    model, x = make(name, pool), torch.randn(1, 2, 3, DIM)
    padded = torch.full((1, 4, 5, DIM), 1e3)
    padded[:, :2, :3] = x
    valid = torch.zeros(1, 4, 5, dtype=torch.bool)
    valid[:, :2, :3] = True
    torch.testing.assert_close(model(padded, valid=valid), model(x), atol=1e-5, rtol=1e-5)


def test_every_variant_encodes_both_levels(variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    model = Hierarchical(Encoder(16, 1, variant), Encoder(16, 1, variant), 16)
    model(torch.randn(2, 3, 4, 16)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


def test_positions_reach_their_level() -> None:
    model, x = make("attention"), torch.randn(2, 3, 4, DIM)
    given = {"item_positions": torch.arange(4).unsqueeze(0), "part_positions": torch.arange(3).unsqueeze(0)}
    torch.testing.assert_close(model(x, **given), model(x))
    for name, positions in given.items():
        assert not torch.allclose(model(x, **{name: positions + 5}), model(x))


def test_a_sentence_of_a_document_is_found() -> None:
    """The label is a word that follows the one sign in the document; all other words are noise."""
    torch.manual_seed(0)
    model = Hierarchical(*(Recurrence(16, 16, "gru", bidirectional=True) for _ in range(2)), 16)
    embedding, head = nn.Embedding(9, 16), nn.Linear(16, 4)
    optimiser = torch.optim.Adam(nn.ModuleList([model, embedding, head]).parameters(), lr=1e-2)
    rows = torch.arange(32)
    for _ in range(120):
        words = torch.randint(8, (32, 3, 5))
        sentence, place, label = torch.randint(3, (32,)), torch.randint(4, (32,)), torch.randint(4, (32,))
        words[rows, sentence, place], words[rows, sentence, place + 1] = 8, label
        loss = nn.functional.cross_entropy(head(model(embedding(words))), label)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.5, "chance is 1.39"


def test_wrong_shapes_and_poolings_are_refused() -> None:
    untyped: Any = Hierarchical
    with pytest.raises(ConfigurationError, match=r"pool \(Level\) must be a known pooling. Got .max.. Known"):
        untyped(nn.Identity(), nn.Identity(), DIM, "max")
    model = make("states")
    with pytest.raises(ConfigurationError, match=r"x \(Hierarchical\) must have shape \(B, P, N, 8\). Got \(2, 3, 8\)"):
        model(torch.randn(2, 3, DIM))
    with pytest.raises(ConfigurationError, match=r"valid \(Hierarchical\) must have shape \(2, 3, 4\). Got \(2, 3\)"):
        model(torch.randn(2, 3, 4, DIM), valid=torch.ones(2, 3, dtype=torch.bool))
