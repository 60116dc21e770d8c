from __future__ import annotations

import pickle

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Edges, Extent, Padding, lower

EDGES = torch.tensor([[0, 3, 1, 2], [1, 1, 0, 0]])


def test_a_query_sees_the_sources_of_its_incoming_edges() -> None:
    allowed = lower(Edges(EDGES, num_queries=3, num_keys=4), Extent(1, 2, 3, 4))[0, 0]
    assert allowed.int().tolist() == [[0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 0, 0]]


def test_equals_the_dense_adjacency_of_a_random_graph() -> None:
    generator = torch.Generator().manual_seed(0)
    adjacency = torch.rand(9, 9, generator=generator) > 0.6  # [target, source]
    target, source = adjacency.nonzero(as_tuple=True)
    shuffled = torch.stack((source, target))[:, torch.randperm(len(source), generator=generator)]
    mask = Edges(shuffled, num_queries=9)
    assert torch.equal(lower(mask, Extent(1, 1, 9, 9))[0, 0], adjacency)
    assert torch.equal(lower(mask, Extent(1, 1, 9, 9), slice(2, 5))[0, 0], adjacency[2:5])


def test_joins_with_other_masks() -> None:
    mask = Edges(EDGES, 3, 4) & Padding(torch.tensor([[True, True, True, False]]))
    assert lower(mask, Extent(1, 1, 3, 4))[0, 0].int().tolist() == [[0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def test_a_graph_without_edges_shows_nothing() -> None:
    assert not lower(Edges(EDGES[:, :0], 3, 4), Extent(1, 1, 3, 4)).any()
    assert Edges(EDGES, 3, 4).may_hide_all(Extent(1, 1, 3, 4))


def test_edges_are_sorted_once_and_anew_for_a_copy_elsewhere() -> None:
    mask = Edges(EDGES, 3, 4)
    assert mask.sorted is mask.sorted
    moved = mask.to("cpu")
    assert isinstance(moved, Edges)
    assert "sorted" not in vars(moved)
    assert torch.equal(moved.sorted.reader, mask.sorted.reader)


def test_sorting_leaves_equality_and_the_text_alone() -> None:
    mask, other = Edges(EDGES, 3, 4), Edges(EDGES, 3, 4)
    _ = mask.sorted.turned
    assert mask == other
    assert hash(mask) == hash(other)
    assert repr(mask) == repr(other)


def test_survives_pickling_as_a_loader_does() -> None:
    mask = pickle.loads(pickle.dumps(Edges(EDGES, 3, 4)))
    assert torch.equal(lower(mask, Extent(1, 1, 3, 4)), lower(Edges(EDGES, 3, 4), Extent(1, 1, 3, 4)))


def test_refuses_a_repeated_edge() -> None:
    with pytest.raises(
        ConfigurationError, match=r"must hold each edge once\. Got 2 repeated\. Use edge_index\.unique\(dim=1\)"
    ):
        Edges(EDGES[:, [0, 0, 1, 2, 2]], 3, 4)
    Edges(EDGES[:, [0, 0, 1, 2, 2]].unique(dim=1), 3, 4)


@pytest.mark.parametrize("column", [[4, 0], [0, 3], [-1, 0], [0, -1]])
def test_refuses_an_index_out_of_range_and_names_it(column: list[int]) -> None:
    bad = torch.cat((EDGES, torch.tensor(column)[:, None]), dim=1)
    message = r"sources in \[0, 4\) and targets in \[0, 3\)\. Got 1 edges outside, first \[.*\] in column 4"
    with pytest.raises(ConfigurationError, match=message):
        Edges(bad, 3, 4)


def test_refuses_another_shape() -> None:
    with pytest.raises(
        ConfigurationError, match=r"must have two rows, source \(key\) and target \(query\)\. Got \(4, 2\)"
    ):
        Edges(EDGES.T, 4)
    with pytest.raises(ConfigurationError, match=r"must be an integer tensor of shape \(2, N\)"):
        Edges(EDGES.float(), 4)


def test_refuses_another_number_of_nodes_and_tells_both() -> None:
    with pytest.raises(ConfigurationError) as caught:
        lower(Edges(EDGES, 3, 4), Extent(1, 1, 5, 6))
    assert str(caught.value) == (
        "Edges.num_queries must be the number of queries handed in, 5. Got 3.\n"
        "Edges.num_keys must be the number of keys handed in, 6. Got 4."
    )
