"""Rollout of weights through layers."""

from __future__ import annotations

import pytest
import torch

from attnframe import Attention
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.interpretation import capture, head_mean, rollout
from attnframe.models import Encoder
from attnframe.recipes.attention.mha import MultiHeadAttention


def test_two_layers_worked_out_by_hand() -> None:
    first = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]])  # mean over heads: 1/2 everywhere
    second = torch.tensor([[[[1.0, 0.0], [1.0, 0.0]]]])
    half = [[0.75, 0.25], [0.25, 0.75]]  # (1/2 + I) / 2
    torch.testing.assert_close(rollout([first]), torch.tensor([half]))
    # (W_2 + I) / 2 = [[1, 0], [1/2, 1/2]]
    torch.testing.assert_close(rollout([first, second]), torch.tensor([[[0.75, 0.25], [0.5, 0.5]]]))
    torch.testing.assert_close(rollout([first, second], residual=False), torch.full((1, 2, 2), 0.5))


def test_a_token_that_sees_none_keeps_to_itself() -> None:
    weights = torch.tensor([[[[0.0, 0.0], [0.5, 0.5]]]])
    torch.testing.assert_close(rollout([weights, weights])[0, 0], torch.tensor([1.0, 0.0]))
    assert not rollout([weights], residual=False)[0, 0].any()


def test_a_model_is_rolled_out_from_weights_or_their_means() -> None:
    model, x = Encoder(8, 3, MultiHeadAttention(num_heads=2), causal=True).eval(), torch.randn(2, 5, 8)
    with capture(model) as weights, capture(model, measure=head_mean) as means:
        model(x)
    found = rollout(weights)
    assert found.shape == (2, 5, 5)
    assert not found.triu(1).any()
    torch.testing.assert_close(found.sum(-1), torch.ones(2, 5))
    assert all(one.shape == (2, 1, 5, 5) for one in means.values())
    torch.testing.assert_close(rollout(means), found)


def test_other_than_self_attention_is_refused() -> None:
    cross = Attention(8, 2, context_dim=4)
    with capture(cross) as weights:
        cross(torch.randn(1, 3, 8), torch.randn(1, 5, 4))
    with pytest.raises(ConfigurationError, match=r"weights\[''\] \(rollout\) must be self attention over the same"):
        rollout(weights)
    with pytest.raises(ConfigurationError, match=r"weights\['1'\] .* B=1 and T=3"):
        rollout([torch.ones(1, 1, 3, 3), torch.ones(1, 1, 4, 4)])
    with pytest.raises(ConfigurationError, match="must hold a layer at least"):
        rollout({})


def test_negative_weights_are_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"weights \(rollout\) must be at least 0"):
        rollout([torch.tensor([[[[2.0, -1.0], [0.0, 1.0]]]])])
