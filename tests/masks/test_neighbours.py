from __future__ import annotations

import torch

from attnframe.masks.neighbours import Neighbours

READER, READ = torch.tensor([2, 0, 2, 4, 0]), torch.tensor([1, 3, 0, 1, 2])


def sort() -> Neighbours:
    return Neighbours.sort(READER, READ, readers=5, size=4)


def test_edges_are_sorted_by_reader_and_by_what_is_read_within_it() -> None:
    edges = sort()
    assert edges.reader.tolist() == [0, 0, 2, 2, 4]
    assert edges.read.tolist() == [2, 3, 0, 1, 1]
    assert torch.equal(READER[edges.order], edges.reader)
    assert torch.equal(READ[edges.order], edges.read)


def test_pointers_bound_the_edges_of_each_reader() -> None:
    edges = sort()
    assert edges.pointers.tolist() == [0, 2, 2, 4, 4, 5]
    assert (edges.readers, edges.size, len(edges)) == (5, 4, 5)


def test_turned_edges_refer_to_the_sorted_ones() -> None:
    edges = sort()
    turned = edges.turned
    assert turned.pointers.tolist() == [0, 1, 3, 4, 5]
    assert torch.equal(edges.read[turned.order], turned.reader)
    assert torch.equal(edges.reader[turned.order], turned.read)
    assert edges.turned is turned, "turned once"


def test_only_some_edges() -> None:
    edges = sort().only(torch.tensor([False, True, False, False, True]))
    assert edges.pointers.tolist() == [0, 1, 1, 1, 1, 2]
    assert edges.reader.tolist() == [0, 4]
    assert edges.read.tolist() == [3, 1]
    assert (READER[edges.order].tolist(), READ[edges.order].tolist()) == ([0, 4], [3, 1])


def test_a_graph_without_edges() -> None:
    none = torch.zeros(0, dtype=torch.long)
    edges = Neighbours.sort(none, none, readers=3, size=2)
    assert edges.pointers.tolist() == [0, 0, 0, 0]
    assert edges.turned.pointers.tolist() == [0, 0, 0]
