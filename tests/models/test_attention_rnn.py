"""The recurrent network of every variant: one way with caches, both ways with padding."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from attnframe import masks
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.models import AttentionRNN
from attnframe.positions import Learned, Position, Rotary, Sinusoidal
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

DIM, LENGTH = 16, 9
MHA = MultiHeadAttention(num_heads=4)


def position(name: str, variant: AttentionVariant) -> Position | None:
    if name == "rope":
        return Rotary(variant.rotary_width(DIM)) if variant.capabilities.rotary else None
    return {"none": None, "sinusoidal": Sinusoidal(DIM), "learned": Learned(DIM, LENGTH)}[name]


@pytest.mark.parametrize("name", ["none", "learned", "rope"])
def test_cached_equals_full(decoding_variant: AttentionVariant, name: str) -> None:
    torch.manual_seed(0)
    model = AttentionRNN(DIM, 2, decoding_variant, position(name, decoding_variant), causal=True).eval()
    x = torch.randn(2, LENGTH, DIM)
    caches = model.new_caches(2, LENGTH)
    with torch.no_grad():
        parts = [model(part, caches=caches) for part in x.split([4, 1, 1, 2, 1], dim=1)]
    torch.testing.assert_close(torch.cat(parts, 1), model(x), atol=1e-5, rtol=1e-5)
    assert caches.length == LENGTH
    assert caches.nbytes > 0


def test_does_not_see_the_future(causal_variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    model = AttentionRNN(DIM, 2, causal_variant, cell="gru", causal=True).eval()
    x = torch.randn(2, LENGTH, DIM)
    changed = x.clone()
    changed[:, 5:] = torch.randn(2, LENGTH - 5, DIM)
    torch.testing.assert_close(model(changed)[:, :5], model(x)[:, :5], atol=1e-5, rtol=1e-5)


def test_trains_both_ways_and_padding_changes_nothing(variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    model = AttentionRNN(DIM, 2, variant, Sinusoidal(DIM), dropout=0.1)
    model(torch.randn(2, LENGTH, DIM)).square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
    model.eval()
    x = torch.randn(1, 5, DIM)
    padded = torch.cat([x, torch.full((1, 3, DIM), 1e3)], 1)
    out = model(padded, mask=masks.Padding(torch.arange(8).unsqueeze(0) < 5))[:, :5]
    torch.testing.assert_close(out, model(x), atol=1e-5, rtol=1e-5)


def test_a_cache_goes_back_to_the_start_only_and_follows_beams() -> None:
    torch.manual_seed(0)
    model = AttentionRNN(DIM, 2, MHA, causal=True).eval()
    x, order = torch.randn(2, LENGTH, DIM), torch.tensor([1, 0, 1])
    caches = model.new_caches(2)
    with torch.no_grad():
        model(x[:, :4], caches=caches)
        with pytest.raises(UnsupportedError, match="must be 0 or 4, because a recurrent state cannot forget"):
            caches.crop(2)
        caches.reorder(order)
        torch.testing.assert_close(model(x[order, 4:], caches=caches), model(x)[order, 4:], atol=1e-5, rtol=1e-5)
        caches.crop(0)
        torch.testing.assert_close(model(x[order], caches=caches), model(x[order]), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("causal", [True, False])
def test_builds_on_the_meta_device(causal: bool) -> None:
    with torch.device("meta"):
        model = AttentionRNN(DIM, 2, MHA, Sinusoidal(DIM), causal=causal)
        assert model(torch.empty(2, 6, DIM)).shape == (2, 6, DIM)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"depth": 0}, r"model.depth must be at least 1. Got 0"),
        ({"dropout": 2.0}, r"model.dropout must be from 0 to 1. Got 2.0"),
        ({"attention": MultiHeadAttention(num_heads=3)}, r"must divide model.dim=16"),
        ({"cell": "rnn"}, r"cell \(Recurrence\) must be a known cell. Got 'rnn'"),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        AttentionRNN(**{"dim": DIM, "depth": 1, "attention": MHA, **arguments})


def test_no_caches_both_ways() -> None:
    with pytest.raises(UnsupportedError, match=r"AttentionRNN.new_caches needs causal blocks"):
        AttentionRNN(DIM, 1, MHA).new_caches(1)
