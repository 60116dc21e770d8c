"""The softmax mixer: arguments, dropout, backends of one result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Sigmoid, Sparsemax
from attnframe.attention.reference import reference_attention
from attnframe.attention.scores import Additive, Bilinear
from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, lower

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"dropout": 1.5}, r"dropout \(SoftmaxMixer\) must be from 0 to 1. Got 1.5"),
        ({"chunk": 0}, r"chunk \(SoftmaxMixer\) must be at least 1. Got 0"),
        ({"backend": "spda"}, r"backend \(SoftmaxMixer\) must be a known backend. Got 'spda'. Did you mean sdpa\?"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        SoftmaxMixer(**arguments)


@pytest.mark.parametrize("normaliser", ["sparsemax", "sigmoid"])
def test_other_normalisers_equal_the_reference(make: Make, normaliser: Any) -> None:
    query, key, value, call = make(6, mask=Causal())
    mixer = SoftmaxMixer(normaliser={"sparsemax": Sparsemax(), "sigmoid": Sigmoid()}[normaliser])
    expected = reference_attention(query, key, value, lower(Causal(), call.extent), normaliser=normaliser)
    torch.testing.assert_close(mixer(query, key, value, call), expected)


def test_another_score_is_used_and_learned(make: Make) -> None:
    for score in (Additive(4, 4), Bilinear(4, 4)):
        mixer = SoftmaxMixer(score).double()
        query, key, value, call = make(6)
        mixer(query, key, value, call).sum().backward()
        weights = torch.softmax(score(query, key), dim=-1)
        torch.testing.assert_close(mixer.weights(query, key, call, slice(1, 4)), weights[:, :, 1:4])
        assert all(parameter.grad is not None and parameter.grad.any() for parameter in mixer.parameters())


def test_dropout_is_for_training_only(make: Make) -> None:
    mixer, given = SoftmaxMixer(dropout=0.5), make(6)
    assert not torch.equal(mixer(*given), mixer(*given))
    mixer.eval()
    assert torch.equal(mixer(*given), SoftmaxMixer()(*given))
    assert torch.equal(
        mixer.train().weights(given[0], given[1], given[3], slice(None)).sum(-1).round(), torch.ones(2, 4, 6)
    )


def test_dropout_of_everything_gives_zero(make: Make) -> None:
    for backend in ("eager", "sdpa"):
        assert not SoftmaxMixer(dropout=1.0, backend=backend)(*make(6)).any()
