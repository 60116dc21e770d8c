"""Edges of many graphs as a model takes them, and features of degrees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_graph.data.graph_set import linked, with_degrees
from attnframe_graph.data.tu_folder import read_tu_folder

LINES = ["1, 2", "2, 1", "3, 3", "4, 5", "5, 6", "7, 8"]
KINDS = ["2", "4", "4", "2", "2", "2"]


@pytest.mark.parametrize(
    ("undirected", "self_loops", "found"),
    [
        (False, False, {(0, 1): 1, (1, 0): 2, (3, 4): 1, (4, 5): 1, (6, 7): 1}),
        (True, False, {(0, 1): 1, (1, 0): 2, (3, 4): 1, (4, 3): 1, (4, 5): 1, (5, 4): 1, (6, 7): 1, (7, 6): 1}),
        (False, True, {(0, 1): 1, (1, 0): 2, (3, 4): 1, (4, 5): 1, (6, 7): 1} | {(n, n): 0 for n in range(8)}),
    ],
)
def test_each_edge_comes_once_with_its_kind(
    undirected: bool, self_loops: bool, found: dict[tuple[int, int], int], tu_folder: Callable[..., Path]
) -> None:
    graphs = read_tu_folder(tu_folder(A=LINES, edge_labels=KINDS))
    edges, kinds = linked(graphs, undirected=undirected, self_loops=self_loops)
    assert dict(zip(map(tuple, edges.T.tolist()), kinds.tolist(), strict=True)) == found
    assert (edges[1][1:] >= edges[1][:-1]).all()


def test_an_isolated_node_has_degree_0_and_many_share_the_last(tu_folder: Callable[..., Path]) -> None:
    graphs = with_degrees(read_tu_folder(tu_folder(A=LINES, edge_labels=None)), 1)
    assert graphs.feature_names == ("label 0", "label 5", "degree 0", "degree 1 or more")
    assert graphs.features[:, 2].tolist() == [0, 0, 1, 0, 0, 0, 0, 0]
    assert graphs.features[:, 3].tolist() == [1, 1, 0, 1, 1, 1, 1, 1]


def test_the_digest_changes_with_the_data(tu_folder: Callable[..., Path]) -> None:
    first = read_tu_folder(tu_folder()).digest
    assert read_tu_folder(tu_folder()).digest == first
    assert read_tu_folder(tu_folder(graph_labels=["1", "-1", "1"])).digest != first
    assert read_tu_folder(tu_folder(edge_labels=["2"] * 6)).digest != first
