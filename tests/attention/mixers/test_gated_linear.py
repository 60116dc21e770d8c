"""Gated linear attention: decays from a map of low rank."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import GatedLinearMixer
from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, Extent


def test_decays_come_from_all_heads_signals() -> None:
    mixer = GatedLinearMixer(2, 3, 3, rank=2)
    signal = torch.randn(1, 2, 5, 2)
    call = Call(Causal(), Extent(1, 2, 5, 5), signals={"gate": torch.randn(1, 2, 5, 3), "decay": signal})
    logits, rate = mixer.logits(call)
    assert rate is None
    joined = torch.cat([signal[:, 0], signal[:, 1]], dim=-1)  # (1, 5, 4)
    expected = mixer.decay_proj(joined).view(1, 5, 2, 3).transpose(1, 2)
    torch.testing.assert_close(logits, expected)
    torch.testing.assert_close(mixer.decay(logits).exp(), torch.sigmoid(expected) ** (1 / 16))


def test_no_decay_is_stronger_than_float32_can_count() -> None:
    decay = GatedLinearMixer(1, 2, 2).decay(torch.tensor([-1e30, -200.0, -100.0, 1e30]))
    torch.testing.assert_close(decay, torch.tensor([-8.0, -8.0, -100 / 16, 0.0]))


def test_each_feature_fades_by_itself() -> None:
    mixer = GatedLinearMixer(1, 2, 2, rank=1).double()
    with torch.no_grad():
        mixer.decay_proj.weight.zero_()
        mixer.decay_proj.bias.copy_(torch.tensor([0.0, 1e9]))  # a = 2^(-1/16) and 1
    ones = torch.ones(1, 1, 2, 2, dtype=torch.float64)
    signals = {"gate": ones, "decay": ones[..., :1]}
    weights = mixer.weights(ones, ones, Call(Causal(), Extent(1, 1, 2, 2), signals=signals), slice(None))
    first = (2 ** (-1 / 16) + 1) / 2**0.5
    torch.testing.assert_close(weights[0, 0], torch.tensor([[2**0.5, 0], [first, 2**0.5]], dtype=torch.float64))


def test_sizes_out_of_range_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"rank \(GatedLinearMixer\) must be at least 1. Got 0"):
        GatedLinearMixer(1, 2, 2, rank=0)
    with pytest.raises(ConfigurationError, match=r"chunk \(GatedLinearMixer\) must be at most 16, so that decays stay"):
        GatedLinearMixer(1, 2, 2, chunk=17)
