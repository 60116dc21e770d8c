"""Graphs."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np
import pytest

from attnframe.pictures import graph

Tree = Callable[[str], Element]


def test_edges_join_their_nodes(tree: Tree) -> None:
    drawn = tree(graph([[0, 0], [1, 0], [1, 1]], [(0, 1), (1, 2)], [1, 4], ["a", "b", "<c>"], "Title"))
    nodes = [(node.attrib["cx"], node.attrib["cy"]) for node in drawn.iter("ellipse")]
    ends = [
        {(line.attrib["x1"], line.attrib["y1"]), (line.attrib["x2"], line.attrib["y2"])} for line in drawn.iter("line")
    ]
    assert ends == [{nodes[0], nodes[1]}, {nodes[1], nodes[2]}]
    thin, thick = (float(line.attrib["stroke-width"]) for line in drawn.iter("line"))
    assert thin < thick
    assert [node.text for node in drawn.iter("text")] == ["a", "b", "<c>"]


@pytest.mark.parametrize("count", [0, 1, 300])
def test_any_number_of_nodes_can_be_drawn(count: int, tree: Tree) -> None:
    places = np.zeros((count, 2)) if count < 2 else np.random.default_rng(0).random((count, 2))
    markup = graph(places, [], [], [str(number) for number in range(count)], "Title", nodes=np.ones(count).tolist())
    assert len(list(tree(markup).iter("ellipse"))) == count
    assert len(markup) < 100_000
