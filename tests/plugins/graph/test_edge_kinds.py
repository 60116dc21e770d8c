"""A number for each kind of edge."""

from __future__ import annotations

import torch
from attnframe_graph.edge_kinds import EdgeKinds

from attnframe import Attention
from attnframe.masks import Dense, Edges

EDGES = torch.tensor([[1, 0, 2, 1, 2], [0, 1, 1, 2, 2]])
KINDS = torch.tensor([2, 2, 1, 1, 0])


def test_each_pair_has_the_number_of_its_edge() -> None:
    torch.manual_seed(0)
    position = EdgeKinds(2, 3)
    places = EdgeKinds.coordinates(EDGES, KINDS, 3)
    bias = position.bias(places, places)
    wanted = torch.tensor([[0, 3, 0], [3, 0, 2], [0, 2, 1]])  # rows of the table: none, then kinds 0 to 2
    assert torch.equal(bias, position.table[wanted].permute(2, 0, 1)[None])


def test_on_an_edge_list_and_on_the_matrix_of_the_same_graph() -> None:
    torch.manual_seed(0)
    layer = Attention(8, 2, position=EdgeKinds(2, 3))
    x, places = torch.randn(1, 3, 8), EdgeKinds.coordinates(EDGES, KINDS, 3)
    matrix = torch.zeros(3, 3, dtype=torch.bool)
    matrix[EDGES[1], EDGES[0]] = True
    on_edges = layer(x, mask=Edges(EDGES, 3), positions=places)
    torch.testing.assert_close(on_edges, layer(x, mask=Dense(matrix), positions=places))
    other = layer(x, mask=Edges(EDGES, 3), positions=EdgeKinds.coordinates(EDGES, KINDS.flip(0), 3))
    assert not torch.allclose(on_edges, other)


def test_a_graph_without_edges() -> None:
    places = EdgeKinds.coordinates(torch.zeros(2, 0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64), 2)
    assert places.tolist() == [[[0], [1]]]
    position = EdgeKinds(1, 2)
    assert torch.equal(position.bias(places, places)[0, 0], position.table[0].expand(2, 2))
