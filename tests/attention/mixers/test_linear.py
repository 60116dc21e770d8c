"""Linear attention: the definition, and the agreement of its forms."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.cache import RecurrentCache
from attnframe.attention.mixer import Call
from attnframe.attention.mixers import LinearMixer
from attnframe.attention.mixers.linear import feature, query_feature
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Dense, Documents, Edges, Extent, Full, Mask, Padding, Prefix, lower

Make = Callable[..., Any]


def _by_definition(query: Tensor, key: Tensor, value: Tensor, allowed: Tensor) -> Tensor:
    """The paper's formula with every pair written out."""
    key, value = (one.repeat_interleave(query.shape[1] // one.shape[1], dim=1) for one in (key, value))
    similar = (F.elu(query) + 1) @ (F.elu(key) + 1).transpose(-1, -2) * allowed
    total = similar.sum(-1, keepdim=True)
    return (similar / total.where(total > 0, 1.0)) @ value


MASKS = [
    Full(),
    Causal(),
    Padding(torch.arange(9).expand(2, -1) < torch.tensor([[9], [4]])),
    Causal() & Padding(torch.arange(9).expand(2, -1) >= torch.tensor([[0], [4]])),
    Padding(torch.zeros(2, 9, dtype=torch.bool)),
    Documents(torch.arange(9).expand(2, -1) // 4),
    Causal() | Prefix(3),
    Dense(torch.arange(81).view(9, 9) % 3 > 0),
    Edges(torch.tensor([[0, 1, 5, 8], [2, 2, 0, 7]]), 9),
]


@pytest.mark.parametrize("mask", MASKS, ids=repr)
@pytest.mark.parametrize("chunk", [1, 4, 64])
def test_every_form_equals_the_definition_forward_and_gradient(make: Make, mask: Mask, chunk: int) -> None:
    query, key, value, call = make(9, mask=mask)
    out = LinearMixer(chunk)(query, key, value, call)
    expected = _by_definition(query, key, value, lower(mask, call.extent))
    torch.testing.assert_close(out, expected)
    for one, other in zip(
        torch.autograd.grad(out.square().sum(), (query, key, value)),
        torch.autograd.grad(expected.square().sum(), (query, key, value)),
        strict=True,
    ):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("steps", [(1,) * 9, (4, 1, 4), (9,)])
def test_steps_equal_the_parallel_form(make: Make, steps: tuple[int, ...]) -> None:
    query, key, value, call = make(9, mask=Causal())
    mixer, state, outs = LinearMixer(4), RecurrentCache(2), []
    for step in steps:
        first = state.length
        rows = slice(first, first + step)
        seen = state.append(key[:, :, rows], value[:, :, rows])
        extent = Extent(2, 4, step, step, seen.start, seen.key_positions)
        outs.append(mixer(query[:, :, rows], seen.key, seen.value, Call(Causal(), extent, state=state)))
    torch.testing.assert_close(torch.cat(outs, dim=2), mixer(query, key, value, call))


def test_cross_attention_of_any_sizes(make: Make) -> None:
    query, key, value, call = make(3, 8)
    expected = _by_definition(query, key, value, torch.ones(3, 8, dtype=torch.bool))
    torch.testing.assert_close(LinearMixer()(query, key, value, call), expected)


def test_weights_are_implied_by_the_features(make: Make) -> None:
    query, key, _, call = make(9, mask=Causal())
    weights = LinearMixer().weights(query, key, call, slice(2, 5))
    expected = _by_definition(
        query, key, torch.eye(9, dtype=torch.float64).expand(2, 4, 9, 9), lower(Causal(), call.extent)
    )
    torch.testing.assert_close(weights, expected[:, :, 2:5])


def test_other_masks_cannot_be_decoded_with_a_state(make: Make) -> None:
    query, key, value, _ = make(3)
    state = RecurrentCache(2)
    seen = state.append(key, value)
    call = Call(Causal() & Prefix(1), Extent(2, 4, 3, 3, seen.start, seen.key_positions), state=state)
    with pytest.raises(
        UnsupportedError, match="cannot decode with a recurrent state, because a Prefix mask gives each"
    ):
        LinearMixer()(query, key, value, call)


def test_the_features_are_elu_plus_one_and_never_zero_in_reach() -> None:
    x = torch.linspace(-80, 20, 101)
    torch.testing.assert_close(feature(x.double()), F.elu(x.double()) + 1)
    assert (feature(x) > 0).all()
    assert (F.elu(x) + 1 == 0).any(), "the plain form is not safe, so the test above says something"


@pytest.mark.parametrize("maps", [feature, query_feature])
def test_the_slope_of_the_features_is_one_at_zero_and_right_at_the_largest_entry(maps: Callable[..., Tensor]) -> None:
    x = torch.tensor([[0.0, 0.0, 0.0], [1.0, 0.0, -1.0]], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(maps(x).sum(), x)
    torch.testing.assert_close(slope, torch.tensor([[1.0, 1.0, 1.0], [1.0, 1.0, math.exp(-1)]], dtype=torch.float64))
    far = torch.tensor([[-3.0, -2.0, -2.0]], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(query_feature(far).sum(), far)
    torch.testing.assert_close(slope, torch.tensor([[math.exp(-1), 1.0, 1.0]], dtype=torch.float64))


def test_query_features_differ_by_a_factor_that_cancels() -> None:
    x = torch.randn(50, 6, dtype=torch.float64) * 5
    ratio = feature(x) / query_feature(x)
    torch.testing.assert_close(ratio, ratio[:, :1].expand_as(ratio))
    far = query_feature(torch.full((2, 3), -500.0))
    assert torch.equal(far, torch.ones(2, 3))


def test_a_long_causal_pass_makes_no_tensor_of_queries_times_keys() -> None:
    length = 30_000
    query = torch.randn(1, 1, length, 2)
    out = LinearMixer()(query, query, query, Call(Causal(), Extent(1, 1, length, length)))
    torch.testing.assert_close(out[:, :, :9], LinearMixer()(*[query[:, :, :9]] * 3, Call(Causal(), Extent(1, 1, 9, 9))))


def test_a_chunk_below_one_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"chunk \(LinearMixer\) must be at least 1. Got 0"):
        LinearMixer(0)
