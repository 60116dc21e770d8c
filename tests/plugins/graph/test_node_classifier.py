"""Logits of nodes: what they depend on, and prediction on a graph of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from attnframe_graph.data.module import GraphModule
from attnframe_graph.feature_map import FeatureMap
from attnframe_graph.node_classifier import NodeClassifier

from attnframe.errors import DataError
from attnframe.plugin.contract import PredictRecipe

MODELS = ("graph_network", "transformer")


@pytest.mark.parametrize("model", MODELS)
def test_a_node_sees_as_many_steps_as_there_are_layers(
    model: str, made_module: Callable[..., GraphModule], build: Callable[..., NodeClassifier]
) -> None:
    module = made_module(undirected=False)
    classifier = build(module.facts, model=model).eval()
    batch = {**module.test.batch(torch.arange(2)), "nodes": torch.arange(7)}
    before = classifier(batch)
    changed = batch["features"].clone()
    changed[0] += 1  # node a, two steps before e by way of c; and a step before g
    after = classifier({**batch, "features": changed})
    moved = [node for node in range(7) if not torch.equal(before[node], after[node])]
    assert moved == [0, 2, 4, 6]


@pytest.mark.parametrize("position", ["laplacian", "shortest_path", "random_walk"])
@pytest.mark.parametrize("model", MODELS)
def test_positions_of_the_graph_count(
    model: str, position: str, made_module: Callable[..., GraphModule], build: Callable[..., NodeClassifier]
) -> None:
    module = made_module()
    classifier = build(module.facts, "mha", position, model).eval()
    batch = module.test.batch(torch.arange(2))
    before = classifier(batch)
    encoding = classifier.embedding.position or classifier.embedding.inner_position
    assert encoding is not None
    with torch.no_grad():
        for parameter in encoding.parameters():
            parameter.normal_(generator=torch.Generator().manual_seed(0))
    assert not torch.allclose(classifier(batch), before)


@pytest.mark.parametrize("attention", ["gat", "gatv2", "differential", "mla", "gqa"])
def test_any_number_of_classes_has_an_output_layer(
    attention: str, made_module: Callable[..., GraphModule], build: Callable[..., NodeClassifier]
) -> None:
    module = made_module()
    facts = {**module.facts, "classes": ["cat", "dog", "owl"]}
    for heads in (1, 3):
        classifier = build(facts, attention, output_heads=heads)
        assert classifier(module.test.batch(torch.arange(2))).shape == (2, 3)


def test_the_default_is_gat_and_nothing_else(
    made_module: Callable[..., GraphModule], build: Callable[..., NodeClassifier]
) -> None:
    classifier = build(made_module().facts, dim=8)
    sizes = {name: tuple(one.shape) for name, one in classifier.named_parameters()}
    inner, outer = "network.layers.0.mixer.score", "network.output.layer.mixer.score"
    assert sizes == {
        "embedding.feature_map.weight": (2, 8), "embedding.feature_map.bias": (8,),
        f"{inner}.query_vector": (2, 4), f"{inner}.key_vector": (2, 4),
        "network.output.map.weight": (2, 8), "network.output.bias": (2,),
        f"{outer}.query_vector": (1, 2), f"{outer}.key_vector": (1, 2),
    }  # fmt: skip


def test_the_same_map_of_few_and_of_many_features() -> None:
    torch.manual_seed(0)
    layer = FeatureMap(50, 4).double()
    features = torch.zeros(6, 50, dtype=torch.float64)
    features[torch.arange(6), torch.arange(6) * 7] = torch.rand(6, dtype=torch.float64)
    few = layer(features)
    torch.testing.assert_close(few, features @ layer.weight + layer.bias)
    (slope,) = torch.autograd.grad(few.square().sum(), layer.weight)
    (wanted,) = torch.autograd.grad((features @ layer.weight + layer.bias).square().sum(), layer.weight)
    torch.testing.assert_close(slope, wanted)
    dense = torch.rand(6, 50, dtype=torch.float64)
    torch.testing.assert_close(layer(dense), dense @ layer.weight + layer.bias)


def test_prediction_is_a_table_of_nodes(
    made_module: Callable[..., GraphModule],
    build: Callable[..., NodeClassifier],
    graph_folder: Callable[..., Path],
) -> None:
    classifier = build(made_module().facts)
    source = str(graph_folder())
    records = list(classifier.predict(classifier.read_inputs(source, PredictRecipe()), PredictRecipe()))
    assert [record["input"] for record in records] == list("abcdefg")
    for record in records:
        assert record["label"] in ("cat", "dog")
        assert sum(record["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert record["probability"] == record["probabilities"][record["label"]]


def test_other_features_are_refused(
    made_module: Callable[..., GraphModule],
    build: Callable[..., NodeClassifier],
    graph_folder: Callable[..., Path],
) -> None:
    classifier = build(made_module().facts)
    folder = graph_folder(["id,height", "a,1"], ["source,target", "a,a"])
    with pytest.raises(DataError, match="features must be the 2 that the model was trained on, in their order"):
        classifier.read_inputs(str(folder), PredictRecipe())
