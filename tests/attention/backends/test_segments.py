"""Products over edges, each against the same sum over all pairs."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from attnframe.attention.backends import segments
from attnframe.attention.backends.segments import edge_dots, edge_softmax, edge_sums, picked
from attnframe.masks.neighbours import Neighbours

T, S, E = 6, 5, 3
ADJACENCY = torch.rand(T, S, generator=torch.Generator().manual_seed(0)) < 0.4
ADJACENCY[2] = False
READER, READ = ADJACENCY.nonzero(as_tuple=True)
EDGES = Neighbours.sort(READER, READ, T, S)
SIZES = [(1, 1, 1), (2, 4, 4), (2, 4, 2), (3, 2, 1)]
"""Batch rows, heads and key-value heads."""


def normal(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).requires_grad_()


@pytest.fixture(params=["at once", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of summing, and chunks of a few edges besides the last one of fewer."""
    if request.param == "one by one":
        monkeypatch.setattr(segments, "FEW", 0)
        monkeypatch.setattr(segments, "CHUNK_BYTES", 1000)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("batch", "heads", "kv_heads"), SIZES)
def test_dots_are_those_of_the_two_ends(batch: int, heads: int, kv_heads: int) -> None:
    left, right = normal(batch, heads, T, E), normal(batch, kv_heads, S, E, seed=2)
    shared = right.repeat_interleave(heads // kv_heads, dim=1)
    expected = (left @ shared.transpose(-1, -2))[..., EDGES.reader, EDGES.read]
    torch.testing.assert_close(edge_dots(left, right, EDGES), expected)
    assert torch.autograd.gradcheck(lambda a, b: edge_dots(a, b, EDGES), (left, right))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("batch", "heads", "kv_heads"), SIZES)
def test_sums_are_those_of_the_values_that_are_read(batch: int, heads: int, kv_heads: int) -> None:
    weights, values = normal(batch, heads, len(EDGES)), normal(batch, kv_heads, S, E, seed=2)
    dense = torch.zeros(batch, heads, T, S, dtype=torch.float64)
    dense[..., EDGES.reader, EDGES.read] = weights.detach()
    expected = dense @ values.repeat_interleave(heads // kv_heads, dim=1)
    out = edge_sums(weights, values, EDGES)
    torch.testing.assert_close(out, expected)
    assert not out[:, :, 2].any(), "a node that reads none gets 0"
    assert torch.autograd.gradcheck(lambda a, b: edge_sums(a, b, EDGES), (weights, values))


@pytest.mark.usefixtures("way")
def test_both_have_second_derivatives() -> None:
    left, right, weights = normal(1, 2, T, E), normal(1, 1, S, E, seed=2), normal(1, 2, len(EDGES), seed=3)
    assert torch.autograd.gradgradcheck(lambda a, b: edge_dots(a, b, EDGES), (left, right))
    assert torch.autograd.gradgradcheck(lambda a, b: edge_sums(a, b, EDGES), (weights, right))


def test_softmax_is_over_the_edges_of_each_reader() -> None:
    scores = normal(2, 3, len(EDGES))
    dense = torch.full((2, 3, T, S), float("-inf"), dtype=torch.float64)
    dense[..., EDGES.reader, EDGES.read] = scores.detach()
    expected = dense.softmax(-1)[..., EDGES.reader, EDGES.read]
    torch.testing.assert_close(edge_softmax(scores, EDGES), expected)
    assert torch.autograd.gradcheck(lambda one: edge_softmax(one, EDGES), scores)
    assert torch.autograd.gradgradcheck(lambda one: edge_softmax(one, EDGES), scores)


@pytest.mark.parametrize("step", [0, 1, 7])
def test_softmax_of_one_edge_is_one_whatever_the_strides(step: int) -> None:
    one = torch.zeros(1, dtype=torch.long)
    scores = torch.as_strided(normal(64), (2, 3, 1), (3, 1, step))
    assert torch.equal(edge_softmax(scores, Neighbours.sort(one, one, 1, 1)), torch.ones(2, 3, 1, dtype=scores.dtype))


def test_softmax_of_far_apart_scores_is_exact() -> None:
    """Every node has a largest score of its own: one for all would leave nothing of the small ones."""
    scores = torch.where(EDGES.reader == 0, 1e4, -1e4).expand(1, 1, -1)
    total = torch.zeros(T).index_add(0, EDGES.reader, edge_softmax(scores, EDGES)[0, 0])
    torch.testing.assert_close(total, ADJACENCY.any(-1).float())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.usefixtures("way")
def test_half_precision_sums_in_single(dtype: torch.dtype) -> None:
    """A node that reads 4,096 ones with weight 2^-12 gets one; summed in half precision it would stop early."""
    count = 4096
    star = Neighbours.sort(torch.zeros(count, dtype=torch.long), torch.arange(count), 1, count)
    ones = torch.ones(1, 1, count, 4, dtype=dtype)
    out = edge_sums(torch.full((1, 1, count), 1 / count, dtype=dtype), ones, star)
    torch.testing.assert_close(out, torch.ones(1, 1, 1, 4, dtype=dtype))
    dots = edge_dots(torch.full((1, 1, 1, 4), 0.1, dtype=dtype), ones, star)
    torch.testing.assert_close(dots, torch.full((1, 1, count), 0.4, dtype=dtype), rtol=1e-2, atol=0)


def test_no_edges_and_no_features() -> None:
    none = torch.zeros(0, dtype=torch.long)
    empty = Neighbours.sort(none, none, T, S)
    values = normal(1, 2, S, E)
    out = edge_sums(edge_softmax(edge_dots(normal(1, 2, T, E), values, empty), empty), values, empty)
    assert out.shape == (1, 2, T, E)
    assert not out.any()
    ends = normal(1, 2, T, 0).requires_grad_(), normal(1, 2, S, 0).requires_grad_()
    dots = edge_dots(*ends, EDGES)
    assert not dots.any()
    assert [slope.shape for slope in torch.autograd.grad(dots.sum(), ends)] == [(1, 2, T, 0), (1, 2, S, 0)]


def test_picked_numbers() -> None:
    x = normal(2, 3, S)
    assert torch.equal(picked(x, EDGES.read), x[..., EDGES.read])
