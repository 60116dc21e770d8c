from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import ShortestPath, shortest_paths

LINE = torch.tensor([[0, 1, 2], [1, 2, 3]])  # 0 -> 1 -> 2 -> 3, and 4 alone


def test_paths_run_from_key_to_query_as_messages_do() -> None:
    """An edge from a key to a query lets the query attend the key at distance 1."""
    found = shortest_paths(LINE, 5)
    assert found[3].tolist() == [3, 2, 1, 0, -1]
    assert found[0].tolist() == [0, -1, -1, -1, -1]
    assert found[4].tolist() == [-1, -1, -1, -1, 0]


def test_longer_paths_than_asked_for_count_as_none() -> None:
    assert shortest_paths(LINE, 5, max_distance=2)[3].tolist() == [-1, 2, 1, 0, -1]


def test_loops_and_repeated_edges_change_nothing() -> None:
    more = torch.cat((LINE, LINE, torch.tensor([[2], [2]])), dim=1)
    assert torch.equal(shortest_paths(more, 5), shortest_paths(LINE, 5))


def test_chunks_of_nodes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shortest_paths(LINE, 5)
    monkeypatch.setattr("attnframe.positions.shortest_path.CHUNK_ELEMENTS", 10)
    assert torch.equal(shortest_paths(LINE, 5), whole)


def test_graphs_without_edges_or_nodes() -> None:
    none = torch.zeros(2, 0, dtype=torch.long)
    assert shortest_paths(none, 2).tolist() == [[0, -1], [-1, 0]]
    assert shortest_paths(none, 0).shape == (0, 0)


def test_the_bias_is_that_of_the_distance_and_one_for_all_that_is_farther() -> None:
    bias = ShortestPath(1, max_distance=2)
    bias.table.data = torch.tensor([[0.0], [1.0], [2.0], [9.0]])
    positions = bias.coordinates(LINE, 5)
    assert bias.bias(positions, positions)[0, 0, 3].tolist() == [9, 2, 1, 0, 9]
    some = bias.bias(positions[:, 2:4], positions[:, [1, 3]])
    assert some.tolist() == [[[[1, 9], [2, 0]]]]
    # Distances made without a limit give the same.
    unlimited = shortest_paths(LINE, 5).unsqueeze(0)
    assert torch.equal(bias.bias(unlimited, unlimited), bias.bias(positions, positions))


def test_graphs_of_a_batch_padded_and_stacked() -> None:
    """A padded node stands nowhere; whatever its bias is, a padding mask hides it."""
    bias = ShortestPath(2, max_distance=3)
    torch.nn.init.normal_(bias.table)
    first, second = bias.coordinates(LINE, 5), bias.coordinates(torch.tensor([[0, 1], [1, 0]]), 2)
    padded = torch.full((1, 5, 5), -1, dtype=second.dtype)
    padded[:, :2, :2] = second
    both = torch.cat((first, padded))
    found = bias.bias(both, both)
    torch.testing.assert_close(found[:1], bias.bias(first, first))
    torch.testing.assert_close(found[1:, :, :2, :2], bias.bias(second, second))
    assert bool(found.isfinite().all())


def test_works_without_values_and_when_compiled() -> None:
    bias = ShortestPath(2)
    positions = bias.coordinates(LINE, 5)
    compiled = torch.compile(bias.bias, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(positions, positions), bias.bias(positions, positions))
    assert bias.to("meta").bias(positions.to("meta"), positions.to("meta")).shape == (1, 2, 5, 5)


def test_refuses_what_are_no_distances() -> None:
    with pytest.raises(ConfigurationError, match=r"max_distance \(ShortestPath\) must be at least 1\. Got 0\."):
        ShortestPath(2, 0)
    with pytest.raises(
        ConfigurationError, match=r"positions \(ShortestPath\) must be integers.+Use ShortestPath\.coord"
    ):
        ShortestPath(2).bias(torch.zeros(1, 3, 3), torch.zeros(1, 3, 3))
