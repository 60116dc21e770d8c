"""The delta rule: a token replaces what is held at its key."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import DeltaRuleMixer
from attnframe.attention.mixers.delta_rule import unit
from attnframe.masks import Causal, Extent


def test_a_key_that_comes_again_holds_the_newer_value() -> None:
    mixer = DeltaRuleMixer(2)
    # Keys far along one axis: silu leaves the direction.
    key = torch.tensor([[[[50.0, 0.0], [0.0, 50.0], [50.0, 0.0]]]], dtype=torch.float64)
    value = torch.tensor([[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]], dtype=torch.float64)
    rate = torch.full((1, 1, 3, 1), 100.0, dtype=torch.float64)  # replaces wholly
    call = Call(Causal(), Extent(1, 1, 3, 3), signals={"rate": rate})
    out = mixer(key, key, value, call) * 2**0.5
    torch.testing.assert_close(out, value)
    weights = mixer.weights(key, key, call, slice(2, 3)) * 2**0.5
    torch.testing.assert_close(weights[0, 0, 0], torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64))


def test_a_rate_between_moves_part_of_the_way() -> None:
    key = torch.tensor([[[[50.0, 0.0], [50.0, 0.0]]]], dtype=torch.float64)
    call = Call(Causal(), Extent(1, 1, 2, 2), signals={"rate": torch.zeros(1, 1, 2, 1, dtype=torch.float64)})
    weights = DeltaRuleMixer(2).weights(key, key, call, slice(1, 2)) * 2**0.5
    torch.testing.assert_close(weights[0, 0, 0], torch.tensor([0.25, 0.5], dtype=torch.float64))


def test_queries_and_keys_are_silu_over_their_length() -> None:
    query, key = torch.randn(1, 2, 3, 4), torch.randn(1, 1, 3, 4)
    found = DeltaRuleMixer(4).features(query, key)
    torch.testing.assert_close(found[0], F.normalize(F.silu(query), dim=-1) / 2, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found[1], F.normalize(F.silu(key), dim=-1), rtol=1e-4, atol=1e-4)


def test_a_key_of_zero_stays_zero_with_a_finite_gradient() -> None:
    x = torch.zeros(1, 3, requires_grad=True)
    out = unit(x)
    assert not out.any()
    assert torch.autograd.grad(out.sum(), x)[0].isfinite().all()


def test_the_head_is_normed_and_not_gated() -> None:
    mixed = torch.randn(1, 2, 3, 4)
    call = Call(Causal(), Extent(1, 2, 3, 3), signals={"rate": torch.randn(1, 2, 3, 1)})
    expected = mixed / (mixed.square().mean(-1, keepdim=True) + 1e-5).sqrt()
    torch.testing.assert_close(DeltaRuleMixer(4).finish(mixed, call), expected)
