"""Retention: fixed rates of each head."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import RetentionMixer
from attnframe.masks import Causal, Extent, Padding


def _weights(query: torch.Tensor, key: torch.Tensor, call: Call) -> torch.Tensor:
    return RetentionMixer(2).weights(query, key, call, slice(None))


def test_weights_fade_by_the_rate_of_each_head() -> None:
    ones = torch.ones(1, 3, 4, 4, dtype=torch.float64)
    call = Call(Causal(), Extent(1, 3, 4, 4), signals={"gate": ones})
    weights = _weights(ones, ones, call)
    for head, rate in enumerate((1 - 1 / 32, 1 - 1 / 64, 1 - 1 / 128)):
        # <1, 1> / sqrt(4) = 2
        expected = [[2 * rate ** (i - j) if j <= i else 0.0 for j in range(4)] for i in range(4)]
        torch.testing.assert_close(weights[0, head], torch.tensor(expected, dtype=torch.float64))


def test_padding_does_not_age_the_state() -> None:
    ones = torch.ones(1, 1, 3, 4, dtype=torch.float64)
    call = Call(Causal() & Padding(torch.tensor([[True, False, True]])), Extent(1, 1, 3, 3), signals={"gate": ones})
    expected = torch.tensor([2 * (1 - 1 / 32), 0.0, 2.0], dtype=torch.float64)
    torch.testing.assert_close(_weights(ones, ones, call)[0, 0, 2], expected)


def test_the_head_is_normed_and_gated_by_silu() -> None:
    mixed, gate = torch.randn(1, 2, 3, 4), torch.randn(1, 2, 3, 4)
    call = Call(Causal(), Extent(1, 2, 3, 3), signals={"gate": gate})
    expected = mixed / (mixed.square().mean(-1, keepdim=True) + 1e-5).sqrt() * gate * torch.sigmoid(gate)
    torch.testing.assert_close(RetentionMixer(4).finish(mixed, call), expected)


@pytest.mark.parametrize("heads", [1, 40])
def test_rates_of_many_heads_stay_below_one(heads: int) -> None:
    gate = torch.ones(1, heads, 1, 1)
    decay, _ = RetentionMixer(1).logits(Call(Causal(), Extent(1, heads, 1, 1), signals={"gate": gate}))
    assert decay.shape == (1, heads, 1, 1)
    assert (decay < 0).all()
