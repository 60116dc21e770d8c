"""cosFormer attention: weights by distance, of a fixed scale, and what it refuses."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from attnframe.attention.cache import RecurrentCache
from attnframe.attention.mixer import Call
from attnframe.attention.mixers import CosformerMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Edges, Extent

Make = Callable[..., Any]


def test_weights_worked_out_by_hand(make: Make) -> None:
    query = torch.tensor([[[[2.0, -1.0], [-1.0, 3.0], [-1.0, -1.0]]]])
    key = torch.tensor([[[[1.0, -5.0], [1.0, 2.0], [-4.0, -4.0]]]])
    weights = CosformerMixer(3).weights(query, key, Call(Causal(), Extent(1, 1, 3, 3)), slice(None))
    # Query 0 sees key 0 alone; query 1 meets key 1 alone; query 2 meets nothing.
    expected = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 0, 0]])
    torch.testing.assert_close(weights[0, 0], expected)
    weights = CosformerMixer(3).weights(query.abs(), key.abs(), Call(Causal(), Extent(1, 1, 3, 3)), slice(2, 3))
    products = torch.tensor([6.0 * math.cos(math.pi / 3), 3 * math.cos(math.pi / 6), 8])
    torch.testing.assert_close(weights[0, 0, 0], products / products.sum())


def test_a_query_that_meets_no_key_gets_zero_and_a_finite_gradient(make: Make) -> None:
    query, key, value, call = make(5, mask=Causal())
    query = (-query.detach().abs()).requires_grad_()
    out = CosformerMixer(5)(query, key, value, call)
    assert not out.any()
    assert all(one.isfinite().all() for one in torch.autograd.grad(out.sum(), (query, key, value)))


def test_only_distances_count(make: Make) -> None:
    query, key, value, _ = make(5)
    outs = []
    for start in (0, 4):
        extent = Extent(2, 4, 5, 5, start, torch.arange(start, start + 5))
        state = RecurrentCache(2)
        outs.append(CosformerMixer(9)(query, key, value, Call(Causal(), extent, state=state)))
    torch.testing.assert_close(*outs)


def test_the_scale_favours_near_keys(make: Make) -> None:
    query, key, _, call = make(8)
    query, key = F.relu(query), F.relu(key) + 0.1
    near, wide = (CosformerMixer(length).weights(query, key, call, slice(0, 1))[0, 0, 0] for length in (8, 800))
    assert (near[7] < wide[7]).all()
    plain = query[0, 0, 0] @ key[0, 0].T
    torch.testing.assert_close(wide, plain / plain.sum(), atol=1e-3, rtol=1e-2)


def test_more_tokens_than_the_scale_are_refused_also_step_by_step(make: Make) -> None:
    query, key, value, call = make(5, mask=Causal())
    mixer = CosformerMixer(4)
    said = r"serves max_length=4 tokens, beyond which weights turn negative, not 5. Use attention.max_length=5 or more"
    with pytest.raises(UnsupportedError, match=said):
        mixer(query, key, value, call)
    with pytest.raises(UnsupportedError, match=said):
        mixer.weights(query, key, call, slice(None))
    extent = Extent(2, 4, 1, 1, 4, torch.tensor([4]))
    one = [x[:, :, :1] for x in (query, key, value)]
    with pytest.raises(UnsupportedError, match=said):
        mixer(*one, Call(Causal(), extent, state=RecurrentCache(2)))


def test_two_sequences_and_graphs_have_no_distance(make: Make) -> None:
    query, key, value, call = make(3)
    with pytest.raises(UnsupportedError, match=r"by distance, which two sequences do not have. Use attention=linear"):
        CosformerMixer(9)(query, key, value, replace(call, cross=True))
    graph = Edges(torch.tensor([[0, 1], [1, 2]]), 3)
    with pytest.raises(UnsupportedError, match=r"which nodes of a graph do not have. Use attention=linear"):
        CosformerMixer(9)(query, key, value, replace(call, mask=graph))


def test_a_length_below_one_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"max_length \(CosformerMixer\) must be at least 1. Got 0"):
        CosformerMixer(0)
