"""Attention over an edge list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.eager import Eager
from attnframe.attention.backends.edges import EdgeList
from attnframe.attention.mixer import PositionBias
from attnframe.attention.normalisers import Normaliser, Sigmoid, Softmax, Sparsemax
from attnframe.attention.scores import (
    Additive,
    Cosine,
    DynamicGraphAttentionScore,
    GraphAttentionScore,
    ScaledDot,
    Score,
)
from attnframe.masks import Causal, Dense, Edges, Full, Function, Mask, Padding
from attnframe.positions import Alibi, Shaw

Make = Callable[..., Any]
INDEX = torch.tensor([[0, 1, 2, 3, 4, 0, 5, 1], [1, 1, 1, 2, 2, 4, 4, 0]])
EDGES = Edges(INDEX, 5, 6)
ADJACENCY = torch.zeros(5, 6, dtype=torch.bool).index_put((INDEX[1], INDEX[0]), torch.tensor(True))


def test_equals_sdpa_under_the_adjacency_matrix(make: Make) -> None:
    query, key, value, call = make(5, 6, mask=EDGES)
    out = EdgeList().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    connected = ADJACENCY.any(-1)
    expected = F.scaled_dot_product_attention(query, key, value, attn_mask=ADJACENCY, enable_gqa=True)
    torch.testing.assert_close(out[:, :, connected], expected[:, :, connected])
    assert not out[:, :, ~connected].any()


@pytest.mark.parametrize("module", [Alibi(4), Shaw(4, 2)], ids=lambda one: type(one).__name__)
def test_a_graph_without_edges_gives_zeros_with_a_bias_too(make: Make, module: Any) -> None:
    at = torch.arange(5).unsqueeze(0)
    query, key, value, call = make(
        5, mask=Edges(torch.zeros(2, 0, dtype=torch.int64), 5), bias=PositionBias(module.double(), at, at)
    )
    out = EdgeList().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    assert out.shape == query.shape
    assert not out.any()


SCORES = [ScaledDot(4), Cosine(4), Additive(4, 4), GraphAttentionScore(4, 4), DynamicGraphAttentionScore(4, 4)]
"""One of each kind that the backend computes its own way."""


@pytest.mark.parametrize("score", SCORES, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("normaliser", [Softmax(), Sparsemax(), Sigmoid()], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(
    "other",
    [
        Full(),
        Padding(torch.arange(6).expand(2, -1) < torch.tensor([[6], [2]])),
        Function(lambda batch, head, query, key: (batch + head + query + key) % 2 == 0),
        Causal(),
    ],
    ids=lambda mask: type(mask).__name__,
)
def test_equals_the_dense_form_with_any_other_mask(
    make: Make, score: Score, normaliser: Normaliser, other: Mask
) -> None:
    positions = torch.arange(6).unsqueeze(0) * torch.tensor([[1], [3]])
    weighting = Weighting(score.double(), normaliser)
    results = []
    for backend, mask in ((EdgeList(), EDGES), (Eager(), Dense(ADJACENCY))):
        bias = PositionBias(Alibi(4), positions[:, :5], positions)
        query, key, value, call = make(5, 6, mask=mask & other, bias=bias)
        out = backend.attend(query, key, value, call, weighting)
        results.append((out, *torch.autograd.grad(out.square().sum(), (query, key, value))))
    for one, first in zip(*results, strict=True):
        torch.testing.assert_close(one, first)


@pytest.mark.parametrize("score", SCORES, ids=lambda one: type(one).__name__)
def test_a_relative_position_reads_the_features_of_queries(make: Make, score: Score) -> None:
    positions = torch.arange(6).unsqueeze(0) * torch.tensor([[1], [3]])
    module = Shaw(4, max_distance=4).double()
    torch.nn.init.normal_(module.table)
    results = []
    for backend, mask in ((EdgeList(), EDGES), (Eager(), Dense(ADJACENCY))):
        bias = PositionBias(module, positions[:, :5], positions)
        query, key, value, call = make(5, 6, mask=mask, bias=bias)
        out = backend.attend(query, key, value, call, Weighting(score.double(), Softmax()))
        results.append((out, *torch.autograd.grad(out.square().sum(), (query, key, value, *module.parameters()))))
    for one, first in zip(*results, strict=True):
        torch.testing.assert_close(one, first)


@pytest.mark.parametrize("score", SCORES, ids=lambda one: type(one).__name__)
def test_nothing_as_large_as_the_features_of_all_edges_is_kept(make: Make, score: Score) -> None:
    nodes = 30
    index = torch.ones(nodes, nodes).nonzero().T
    query, key, value, call = make(nodes, mask=Edges(index, nodes), kv_heads=4)
    sizes = []

    def note(tensor: Tensor) -> Tensor:
        sizes.append(tensor.numel())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        EdgeList().attend(query, key, value, call, Weighting(score.double(), Softmax()))
    assert max(sizes) <= 2 * 4 * index.shape[1], "batch rows times heads times edges"


def test_a_graph_without_edges_gives_zero(make: Make) -> None:
    query, key, value, call = make(5, mask=Edges(torch.zeros(2, 0, dtype=torch.long), 5))
    out = EdgeList().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    out.sum().backward()
    assert not out.any()
    assert query.grad.isfinite().all()


def test_no_tensor_of_queries_times_keys_is_made(make: Make) -> None:
    size = 50_000
    index = torch.stack([torch.randint(size, (200,)), torch.randint(size, (200,))]).unique(dim=1)
    query, key, value, call = make(size, mask=Edges(index, size), batch=1)
    out = EdgeList().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    assert out.shape == query.shape


def test_dropout_drops_whole_edges(make: Make) -> None:
    query, key, value, call = make(5, 6, mask=EDGES)
    torch.manual_seed(0)
    out = EdgeList().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax(), dropout=0.9))
    assert not out[:, :, 0].any(dim=-1).all()
