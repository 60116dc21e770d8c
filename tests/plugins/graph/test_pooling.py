"""One vector of a graph's nodes."""

from __future__ import annotations

import pytest
import torch
from attnframe_graph.pooling import make_pooling

X = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
GRAPH, SIZES = torch.tensor([0, 0, 2]), torch.tensor([2, 0, 1])


def test_means_and_sums_of_each_graph() -> None:
    assert make_pooling("mean", 2, 4.0)(X, GRAPH, SIZES).tolist() == [[2, 3], [0, 0], [5, 6]]
    assert make_pooling("sum", 2, 4.0)(X, GRAPH, SIZES).tolist() == [[1, 1.5], [0, 0], [1.25, 1.5]]


def test_weights_are_learned() -> None:
    torch.manual_seed(0)
    pooling = make_pooling("attention", 2, 4.0)
    out = pooling(X, GRAPH, SIZES)
    assert out[1].eq(0).all()
    torch.testing.assert_close(out[2], X[2])
    share = ((out[0] - X[1]) / (X[0] - X[1])).detach()
    assert share[0].item() == pytest.approx(share[1].item(), abs=1e-5)
    assert 0 < share[0] < 1
    out.sum().backward()
    assert all(parameter.grad is not None for parameter in pooling.parameters())
