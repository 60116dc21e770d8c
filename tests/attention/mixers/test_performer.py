"""Performer attention: its features give softmax in the mean, and nothing but `redraw` changes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import PerformerMixer
from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, Extent, Padding

Make = Callable[..., Any]
NOWHERE = torch.arange(0)


def test_products_of_features_are_the_exponential_in_the_mean() -> None:
    torch.manual_seed(0)
    mixer = PerformerMixer(4, 40_000).double()
    query, key = torch.randn(2, 1, 1, 5, 4, dtype=torch.float64) / 2
    features = mixer.query_features(query, NOWHERE), mixer.key_features(key, NOWHERE)
    found = features[0] @ features[1].mT
    expected = torch.exp(query @ key.mT / 2)
    shares = found / found.sum(-1, keepdim=True)
    torch.testing.assert_close(shares, expected / expected.sum(-1, keepdim=True), atol=0.01, rtol=0.05)


def test_directions_are_orthogonal_in_blocks_and_as_long_as_normal_vectors() -> None:
    torch.manual_seed(0)
    directions = PerformerMixer(16, 40).directions
    for block in (directions[:16], directions[16:32], directions[32:]):
        units = block / block.norm(dim=1, keepdim=True)
        torch.testing.assert_close(units @ units.T, torch.eye(len(block)), atol=1e-5, rtol=0)
    many = PerformerMixer(16, 4000).directions
    assert many.norm(dim=1).square().mean().item() == pytest.approx(16, rel=0.03)
    assert many.mean(dim=0).norm().item() < 0.1, "without the signs of the factorisation the mean is off"
    assert many.norm(dim=1).std().item() > 0.5, "lengths vary as those of normal vectors do"


def test_one_width_has_e_ln_e_features() -> None:
    for width, features in ((64, math.ceil(64 * math.log(64))), (2, 2), (1, 1)):
        assert PerformerMixer(width).directions.shape == (features, width)


def test_seeds_fix_the_directions_and_redraw_changes_them() -> None:
    mixers = []
    for _ in range(2):
        torch.manual_seed(3)
        mixers.append(PerformerMixer(4, 6))
    one, other = mixers
    assert torch.equal(one.directions, other.directions)
    assert [*one.state_dict()] == ["directions"]
    assert [*one.parameters()] == []
    kept = one.directions.clone()
    one.train()(*torch.randn(3, 1, 1, 5, 4), Call(Causal(), Extent(1, 1, 5, 5)))
    assert torch.equal(one.directions, kept)
    for mixer in mixers:
        mixer.redraw(torch.Generator().manual_seed(9))
    assert torch.equal(one.directions, other.directions)
    assert not torch.equal(one.directions, kept)


def test_a_far_longer_key_later_leaves_the_past_alone() -> None:
    torch.manual_seed(0)
    mixer = PerformerMixer(8)
    query, key, value = torch.randn(3, 1, 1, 6, 8)
    call = Call(Causal(), Extent(1, 1, 6, 6))
    before = mixer(query, key, value, call)
    key[:, :, 4:] *= 1e4
    assert torch.equal(mixer(query, key, value, call)[:, :, :4], before[:, :, :4])


def test_keys_out_of_reach_share_evenly_rather_than_vanish() -> None:
    torch.manual_seed(0)
    mixer = PerformerMixer(8)
    query, key, value = torch.randn(3, 1, 1, 6, 8)
    key = (key * 1e4).requires_grad_()
    out = mixer(query, key, value, Call(Padding(torch.ones(1, 6, dtype=torch.bool)), Extent(1, 1, 6, 6)))
    torch.testing.assert_close(out, value.mean(dim=2, keepdim=True).expand_as(out), atol=1e-5, rtol=1e-5)
    assert torch.autograd.grad(out.sum(), key)[0].isfinite().all()


def test_a_number_of_features_below_one_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"num_features \(PerformerMixer\) must be at least 1. Got 0"):
        PerformerMixer(4, 0)
