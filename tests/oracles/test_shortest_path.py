"""Lengths of shortest paths against SciPy's, and the bias that Graphormer makes of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path
from torch import Tensor, nn

from attnframe.positions import ShortestPath, shortest_paths


def graph(nodes: int, directed: bool) -> Tensor:
    generator = torch.Generator().manual_seed(nodes)
    edges = torch.randint(0, nodes, (2, nodes + nodes // 4), generator=generator)
    return (edges if directed else torch.cat((edges, edges.flip(0)), dim=1)).unique(dim=1)


def theirs(edge_index: Tensor, nodes: int) -> Tensor:
    """Distance from key to query at [query, key]; infinite where there is no path."""
    source, target = edge_index.numpy()
    matrix = csr_matrix((np.ones(len(source)), (source, target)), shape=(nodes, nodes))
    return torch.from_numpy(shortest_path(matrix, unweighted=True)).T


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("nodes", [2, 9, 70])
def test_equals_scipy(nodes: int, directed: bool) -> None:
    edge_index = graph(nodes, directed)
    wanted = theirs(edge_index, nodes)
    assert torch.equal(shortest_paths(edge_index, nodes), wanted.nan_to_num(posinf=-1).int())
    near = wanted.masked_fill(wanted > 3, -1).int()
    assert torch.equal(shortest_paths(edge_index, nodes, max_distance=3), near)


def test_the_bias_and_its_gradient(agree: Callable[..., None]) -> None:
    """Graphormer looks each clipped distance up in an embedding of one number for each head."""
    nodes, heads, most = 24, 3, 4
    edge_index = graph(nodes, directed=False)
    module, peer = ShortestPath(heads, most), nn.Embedding(most + 2, heads)
    peer.weight.data = module.table.data.clone()
    positions, distances = module.coordinates(edge_index, nodes), theirs(edge_index, nodes).clamp(max=most + 1).long()
    torch.manual_seed(0)
    agree(
        lambda x: x * module.bias(positions, positions),
        lambda x: x * peer(distances).permute(2, 0, 1),
        torch.randn(1, heads, nodes, nodes),
        pairs=[(module.table, peer.weight)],
    )
