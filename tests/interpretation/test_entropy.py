"""Entropy of each query's weights."""

from __future__ import annotations

import math

import pytest
import torch

from attnframe import Attention, masks
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Sigmoid
from attnframe.errors import UnsupportedError
from attnframe.interpretation import capture, entropy


def test_one_key_has_none_and_keys_alike_have_the_logarithm_of_their_number() -> None:
    weights = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.25] * 4, [0.5, 0.25, 0.25, 0.0], [0.0] * 4])
    torch.testing.assert_close(entropy(weights), torch.tensor([0.0, math.log(4), 1.5 * math.log(2), 0.0]))


def test_weights_that_do_not_sum_to_one_are_shares_of_their_sum() -> None:
    weights = torch.rand(2, 5)
    torch.testing.assert_close(entropy(3 * weights), entropy(weights / weights.sum(-1, keepdim=True)))


def test_half_precision_is_summed_in_float32() -> None:
    weights = torch.softmax(torch.randn(4, 1000), -1).bfloat16()
    found = entropy(weights)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, torch.distributions.Categorical(weights.float()).entropy())


def test_negative_weights_have_no_entropy() -> None:
    with pytest.raises(UnsupportedError, match=r"weights \(entropy\) must be at least 0. Got -0.5"):
        entropy(torch.tensor([1.5, -0.5]))


def test_a_layer_is_measured_without_its_weights_being_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attnframe.interpretation.chunks.CHUNK_BYTES", 3 * 2 * 2 * 7 * 4)
    layer, x = Attention(8, 2, causal=True), torch.randn(2, 7, 8)
    mask = masks.Padding(torch.tensor([[False] + [True] * 6, [True] * 7]))
    largest = []

    def measure(weights: torch.Tensor) -> torch.Tensor:
        largest.append(weights.shape[2])
        return entropy(weights)

    with capture(layer) as weights, capture(layer, measure=measure) as measured:
        layer(x, mask=mask)
    torch.testing.assert_close(measured[""], entropy(weights[""]))
    assert measured[""].shape == (2, 2, 7)
    assert measured[""][0, :, 0].tolist() == [0.0, 0.0]
    assert largest == [3, 3, 1]


def test_sigmoid_weights_have_an_entropy() -> None:
    layer = Attention(8, 2, mixer=SoftmaxMixer(normaliser=Sigmoid()))
    with capture(layer, measure=entropy) as measured:
        layer(torch.zeros(1, 6, 8))
    torch.testing.assert_close(measured[""], torch.full((1, 2, 6), math.log(6)))
