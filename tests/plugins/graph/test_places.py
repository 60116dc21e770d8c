"""Positions of graphs that lie side by side."""

from __future__ import annotations

import torch
from attnframe_graph.places import Places

from attnframe.positions import Laplacian, RandomWalk, ShortestPath
from attnframe.positions.base import NoPosition

PATH = torch.tensor([[1, 0, 2, 1], [0, 1, 1, 2]])
PAIR = torch.tensor([[1, 0], [0, 1]])
BOTH = torch.cat([PATH, PAIR + 3], 1)


def test_each_graph_has_its_own() -> None:
    for scheme in (Laplacian(4, 2), RandomWalk(4, 3)):
        places = Places(scheme).of(BOTH, torch.tensor([3, 2]), 5)
        assert places is not None
        torch.testing.assert_close(places[:, :3], scheme.coordinates(PATH, 3))
        torch.testing.assert_close(places[:, 3:], scheme.coordinates(PAIR, 2))


def test_distances_of_small_graphs_are_filled_up() -> None:
    scheme = ShortestPath(1)
    places = Places(scheme).of(BOTH, torch.tensor([3, 2]), 5)
    assert places is not None
    assert places[0].tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0], [0, 1, -1], [1, 0, -1]]
    bias = scheme.bias(places[:, 3:], places[:, 3:])
    torch.testing.assert_close(bias[0, 0], scheme.table[torch.tensor([[0, 1], [1, 0]]), 0])


def test_none_where_the_scheme_reads_none() -> None:
    assert Places(NoPosition()).of(BOTH, torch.tensor([3, 2]), 5) is None
