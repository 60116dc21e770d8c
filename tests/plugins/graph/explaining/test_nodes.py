"""Explanations of the classes of nodes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_graph.data.graph_csv import read_graph_csv
from attnframe_graph.explaining.nodes import labelled_nodes, reached, within

from attnframe.explanation.explanation import explain_subject
from attnframe.recipes.explain import ExplainRecipe

CHAIN = torch.tensor([[0, 1, 2, 3], [1, 2, 3, 4]])  # 0 -> 1 -> 2 -> 3 -> 4
FEW = ExplainRecipe(orders=2, steps=2, heads=2)


def test_what_a_node_sees_in_so_many_steps() -> None:
    assert reached(CHAIN, 3, 5, 2).tolist() == [1, 2, 3]
    assert reached(CHAIN, 0, 5, 9).tolist() == [0]


def test_a_part_of_a_graph_is_numbered_anew() -> None:
    features, edges = within(torch.arange(5.0).unsqueeze(1), CHAIN, torch.tensor([1, 2, 4]))
    assert features.flatten().tolist() == [1, 2, 4]
    assert edges.tolist() == [[0], [1]]


@pytest.mark.parametrize("position", ["none", "random_walk"])
@pytest.mark.parametrize("model", ["graph_network", "transformer"])
def test_the_neighbourhood_gives_the_answer_of_the_whole_graph(
    made_module: Callable[..., Any], graph_folder: Callable[..., Path], build: Any, model: str, position: str
) -> None:
    attention = "gat" if model == "graph_network" else "mha"
    classifier = build(made_module().facts, model=model, position=position, attention=attention).eval()
    graph = read_graph_csv(graph_folder(), labelled=False, where="input")
    subjects = dict(labelled_nodes(classifier, graph))
    assert list(subjects) == list(graph.names)
    (record,) = [one for one in classifier.predict([("g", graph)], _options()) if one["input"] == "e"]
    subject = subjects["e"]()
    assert sorted(subject.units) == ["a", "c", "e"]  # two layers: e reads c, and c reads a
    whole = torch.ones(1, 3, dtype=torch.bool)
    with torch.no_grad():
        assert float(subject.scores(whole).exp()) == pytest.approx(record["probability"], abs=1e-5)
    found = explain_subject(subject, FEW)
    assert found.relevance["attention"].sum() == pytest.approx(1)
    (edges,) = subject.drawings(found.maps["attention"])
    assert "What flows through each edge" in edges.fragment


def test_a_node_that_is_deleted_has_neither_features_nor_neighbours(
    made_module: Callable[..., Any], graph_folder: Callable[..., Path], build: Any
) -> None:
    classifier = build(made_module().facts).eval()
    subject: Any = dict(labelled_nodes(classifier, read_graph_csv(graph_folder(), labelled=False, where="input")))[
        "e"
    ]()
    number = subject.units.index("c")
    kept = torch.ones(2, 3, dtype=torch.bool)
    kept[1, number] = False
    features, edges, which = subject.versions(kept)
    count = subject.edges.shape[1]
    assert (which < count).sum() == count  # the first version has every edge
    gone = 3 + number
    assert features[gone].eq(0).all()
    assert [pair for pair in edges.T.tolist() if gone in pair and pair[0] != pair[1]] == []


def _options() -> Any:
    from attnframe.plugin.contract import PredictRecipe

    return PredictRecipe()
