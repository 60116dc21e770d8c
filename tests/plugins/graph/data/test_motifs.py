"""Generated graphs."""

from __future__ import annotations

import numpy as np
from attnframe_graph.data.graph_set import linked
from attnframe_graph.data.motifs import motifs


def triangles(adjacency: np.ndarray) -> int:
    return round(float(np.trace(np.linalg.matrix_power(adjacency, 3))) / 6)


def test_the_same_every_time_and_all_classes() -> None:
    first = motifs(100, count=False)
    assert motifs(100, count=False).digest == first.digest
    assert np.bincount(first.targets).tolist() == [25] * 4
    assert len(first.sizes) == 100
    assert first.sizes.sum() == len(first.features)


def test_triangles_are_counted() -> None:
    graphs = motifs(100, count=True)
    edges, _ = linked(graphs, undirected=True, self_loops=False)
    nodes, start = int(graphs.sizes.sum()), 0
    whole = np.zeros((nodes, nodes))
    whole[edges[1], edges[0]] = 1
    found = []
    for size in graphs.sizes:
        found.append(triangles(whole[start : start + size, start : start + size]))
        start += size
    assert found == graphs.targets.tolist()
