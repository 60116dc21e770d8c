"""Classes of graphs: what they depend on, and prediction for graphs of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from attnframe_graph.data.graph_set_module import GraphSetModule
from attnframe_graph.data.tu_folder import read_tu_folder
from attnframe_graph.graph_classification import GraphClassification
from attnframe_graph.graph_classifier import GraphClassifier
from attnframe_graph.recipes.tu_folder import TuFolder

from attnframe.errors import DataError
from attnframe.plugin.contract import Parts, PredictRecipe
from attnframe.recipes.registry import attention_variants, position_schemes

MODELS = ("graph_network", "transformer")


def build(
    facts: dict[str, Any],
    attention: str = "mha",
    position: str = "none",
    model: str = "transformer",
    **fields: Any,
) -> GraphClassifier:
    torch.manual_seed(0)
    recipe = GraphClassification.models[model](**{"dim": 8, "depth": 2, **fields})
    parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()[position](), recipe)
    return GraphClassification().build(parts, facts)


@pytest.fixture
def shapes(tu_folder: Callable[..., Path]) -> GraphSetModule:
    folder = tu_folder(
        graph_indicator=[str(1 + node // 3) for node in range(36)],
        A=[f"{node + 1}, {node + 2}" for node in range(35) if node % 3 < 2],
        edge_labels=["1", "2"] * 12,
        node_labels=["0", "5", "6"] * 12,
        graph_labels=["1", "2"] * 6,
    )
    module = GraphSetModule(TuFolder(path=str(folder), split=(0.5, 0.25, 0.25)), lambda: read_tu_folder(folder))
    module.setup()
    return module


@pytest.mark.parametrize("pooling", ["mean", "sum", "attention"])
@pytest.mark.parametrize("model", MODELS)
def test_the_order_of_nodes_does_not_matter(model: str, pooling: str, made_set: Callable[..., GraphSetModule]) -> None:
    module = made_set()
    classifier = build(module.facts, model=model, pooling=pooling).eval()
    batch = module.train.batch(torch.tensor([0]))
    nodes = len(batch["features"])
    order = torch.randperm(nodes, generator=torch.Generator().manual_seed(0))
    place = order.argsort()
    edges = place[batch["edges"]]
    sorted_edges = edges[:, (edges[1] * nodes + edges[0]).argsort()]
    moved = {**batch, "features": batch["features"][order], "edges": sorted_edges}
    torch.testing.assert_close(classifier(moved), classifier(batch), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("position", ["laplacian", "random_walk", "shortest_path"])
def test_positions_of_the_graph_count(position: str, made_set: Callable[..., GraphSetModule]) -> None:
    module = made_set()
    classifier = build(module.facts, position=position).eval()
    batch = module.train.batch(torch.arange(4))
    before = classifier(batch)
    encoding = classifier.encoder.embedding.position or classifier.encoder.embedding.inner_position
    assert encoding is not None
    with torch.no_grad():
        for parameter in encoding.parameters():
            parameter.normal_(generator=torch.Generator().manual_seed(0))
    assert not torch.allclose(classifier(batch), before)


def test_kinds_of_edges_count_where_the_variant_takes_a_bias(shapes: GraphSetModule) -> None:
    batch = shapes.train.batch(torch.arange(3))
    other = {**batch, "kinds": torch.where(batch["kinds"] > 0, 3 - batch["kinds"], 0)}
    for attention, counts in (("mha", True), ("gat", True), ("none", False), ("linear", False)):
        classifier = build(shapes.facts, attention).eval()
        assert classifier.encoder.reads_kinds == counts
        assert torch.equal(classifier(batch), classifier(other)) != counts
    assert not build(shapes.facts, "mha", edge_bias=False).encoder.reads_kinds
    assert not build(shapes.facts, "mha", "shortest_path").encoder.reads_kinds
    assert build(shapes.facts, "mha", "laplacian").encoder.reads_kinds


def test_sums_tell_two_copies_from_one(made_set: Callable[..., GraphSetModule]) -> None:
    module = made_set()
    one = module.train.batch(torch.tensor([0]))
    two = module.train.batch(torch.tensor([0, 0]))
    joined = {**two, "graph": torch.zeros_like(two["graph"]), "sizes": two["sizes"].sum(0, keepdim=True)}
    for pooling, same in (("mean", True), ("attention", True), ("sum", False)):
        classifier = build(module.facts, pooling=pooling).eval()
        assert torch.allclose(classifier(joined), classifier(one), atol=1e-5) == same


def test_the_area_under_the_curve_of_two_classes(shapes: GraphSetModule) -> None:
    classifier = build(shapes.facts)
    metrics = classifier.metrics()
    outputs = torch.tensor([[0.0, 1.0], [0.0, 3.0], [0.0, 2.0], [0.0, 0.0]])
    classifier.update_metrics(metrics, {"labels": torch.tensor([0, 1, 0, 1])}, outputs)
    assert set(metrics) == {"accuracy", "f1", "auc"}
    assert metrics["auc"].compute() == 0.5


def test_prediction_is_a_table_of_graphs(shapes: GraphSetModule, tu_folder: Callable[..., Path]) -> None:
    classifier = build(shapes.facts)
    options = PredictRecipe(batch_size=2)
    source = tu_folder(node_labels=["0"] * 8, edge_labels=["1"] * 6, graph_labels=None)
    records = list(classifier.predict(classifier.read_inputs(str(source), options), options))
    assert [record["input"] for record in records] == ["graph 1", "graph 2", "graph 3"]
    assert all(sum(record["probabilities"].values()) == pytest.approx(1, abs=1e-5) for record in records)
    source = tu_folder(node_labels=["8"] * 8, edge_labels=["7"] * 6)
    with pytest.raises(DataError) as error:
        classifier.read_inputs(str(source), options)
    assert "besides, label 8" in str(error.value)
    assert "edge kind 7 must be one that the model was trained on. Known: 1, 2." in str(error.value)
    with pytest.raises(DataError, match="input must be a folder in the format of the TU collection"):
        classifier.read_inputs("nowhere", options)
