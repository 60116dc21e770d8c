"""Edges as a model takes them."""

from __future__ import annotations

import numpy as np
import pytest
from attnframe_graph.data.graph import neighbours

EDGES = np.array([[0, 0, 1, 2, 2], [1, 1, 0, 2, 0]])  # one twice, one both ways, a loop


@pytest.mark.parametrize(
    ("undirected", "self_loops", "pairs"),
    [
        (False, False, [[1, 0], [2, 0], [0, 1]]),
        (True, False, [[1, 0], [2, 0], [0, 1], [0, 2]]),
        (True, True, [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [0, 2], [2, 2]]),
    ],
)
def test_each_edge_comes_once(undirected: bool, self_loops: bool, pairs: list[list[int]]) -> None:
    assert neighbours(EDGES, 3, undirected=undirected, self_loops=self_loops).T.tolist() == pairs


def test_a_graph_without_edges_has_loops_at_most() -> None:
    none = np.zeros((2, 0), np.int64)
    assert neighbours(none, 2, undirected=True, self_loops=False).shape == (2, 0)
    assert neighbours(none, 2, undirected=True, self_loops=True).tolist() == [[0, 1], [0, 1]]
