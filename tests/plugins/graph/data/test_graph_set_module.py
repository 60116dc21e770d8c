"""Parts, facts, protocol and faults of sets of graphs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from attnframe_graph.data.graph_set_module import GraphSetModule
from attnframe_graph.data.tu_folder import read_tu_folder
from attnframe_graph.recipes.tu_folder import TuFolder

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def test_parts_are_stratified_and_the_splitter_is_named(made_set: Callable[..., GraphSetModule]) -> None:
    module = made_set()
    assert [len(split) for split in (module.train, module.val, module.test)] == [84, 8, 8]
    for split in (module.val, module.test):
        assert torch.bincount(split.targets[split.members]).unique().numel() == 1
    assert module.protocol == {"split": "random, 0.8 / 0.1 / 0.1, seed 0", "graphs": 100}


def test_facts_say_what_a_model_must_know(made_set: Callable[..., GraphSetModule]) -> None:
    facts = made_set().facts
    assert facts["classes"] == ["ring", "house", "clique", "bare"]
    assert facts["features"] == ["node"]
    assert facts["kinds"] == []
    counted = made_set(count=True)
    values = counted.train.targets[counted.train.members]
    assert counted.facts["mean"] == pytest.approx(values.mean().item(), abs=1e-5)
    assert counted.facts["deviation"] == pytest.approx(values.std(correction=0).item(), abs=1e-5)
    batch = counted.test.batch(torch.arange(3))
    assert batch["values"].dtype == torch.float32
    assert batch["features"].shape[1] == 1 + counted.facts["degrees"] + 1


def test_without_degrees_features_are_those_of_the_data(made_set: Callable[..., GraphSetModule]) -> None:
    assert made_set(degrees=False).train.batch(torch.arange(2))["features"].shape[1] == 1


def test_a_part_of_one_class_of_two_is_named(tu_folder: Callable[..., Path]) -> None:
    indicator = [str(1 + node // 2) for node in range(24)]
    folder = tu_folder(
        graph_labels=["1", "-1"] * 6, graph_indicator=indicator, node_labels=None, A=["1, 2"], edge_labels=None
    )
    graphs = read_tu_folder(folder)
    parts = np.array([TRAIN] * 6 + [VAL, VAL, TEST, TRAIN, TEST, TRAIN], np.uint8)
    module = GraphSetModule(TuFolder(path=str(folder)), lambda: replace(graphs, parts=parts))
    with pytest.raises(DataError, match=r"part test must hold graphs of both classes\. Got 1 alone\. Give more graphs"):
        module.setup()


def test_a_part_or_class_without_graphs_is_named(tu_folder: Callable[..., Path]) -> None:
    folder = tu_folder()
    module = GraphSetModule(TuFolder(path=str(folder), split=(1.0, 0.0, 0.0)), lambda: read_tu_folder(folder))
    with pytest.raises(DataError) as error:
        module.setup()
    assert "part val must hold graphs. Got none." in str(error.value)
    assert "part test must hold graphs. Got none." in str(error.value)
    module = GraphSetModule(TuFolder(path=str(folder)), lambda: read_tu_folder(folder))
    with pytest.raises(DataError, match=r"class 1 must have graphs to train on\. Got none\."):
        module.setup()


def test_known_facts_order_classes_and_features(tu_folder: Callable[..., Path]) -> None:
    labels = ["1", "-1", "1", "-1"] * 3
    indicator = [str(1 + node // 2) for node in range(24)]
    folder = tu_folder(
        graph_labels=labels, graph_indicator=indicator, node_labels=["0", "5"] * 12, A=["1, 2"], edge_labels=["2"]
    )
    module = GraphSetModule(TuFolder(path=str(folder), split=(0.4, 0.3, 0.3)), lambda: read_tu_folder(folder))
    module.setup()
    known = {**module.facts, "classes": ["1", "-1"], "features": ["label 5", "label 0", "label 9"]}
    known |= {"shift": [0.0] * 3, "scale": [1.0] * 3}
    before = module.train.batch(torch.arange(2))
    module.known_facts = known
    module.setup()
    assert module.facts == known
    after = module.train.batch(torch.arange(2))
    assert torch.equal(after["labels"], 1 - before["labels"])
    assert torch.equal(after["features"][:, :2], before["features"][:, [1, 0]])
    assert after["features"][:, 2].eq(0).all()
    module.known_facts = {
        **known,
        "classes": ["1"],
        "features": ["label 0"],
        "shift": [0.0],
        "scale": [1.0],
        "kinds": [],
    }
    with pytest.raises(DataError) as error:
        module.setup()
    assert "class -1 must be one that the model was trained on. Known: 1." in str(error.value)
    assert "edge kind 2 must be one that the model was trained on. Known: none." in str(error.value)
    assert "features must be the 1 that the model was trained on. Got besides, label 5. Known: label 0." in str(
        error.value
    )


def test_measures_are_scaled_by_the_training_graphs(tu_folder: Callable[..., Path]) -> None:
    folder = tu_folder(
        graph_labels=["1", "-1"] * 6, graph_indicator=[str(1 + n) for n in range(12)], node_labels=None,
        node_attributes=[str(n * 10) for n in range(12)], A=[], edge_labels=None,
    )  # fmt: skip
    module = GraphSetModule(
        TuFolder(path=str(folder), split=(0.5, 0.25, 0.25), degrees=False), lambda: read_tu_folder(folder)
    )
    module.setup()
    rows = module.train.batch(torch.arange(len(module.train)))["features"]
    assert rows.mean().item() == pytest.approx(0, abs=1e-6)
    assert rows.std(correction=0).item() == pytest.approx(1, abs=1e-6)


def test_the_floors_see_no_edge(made_set: Callable[..., GraphSetModule]) -> None:
    floor = made_set().floor()
    assert floor["name"].startswith("logistic regression on the histogram")
    assert 0.25 < floor["test/accuracy"] < 1
    floor = made_set(count=True).floor()
    assert floor["name"].endswith(" on counts of nodes")
    assert floor["test/mae"] < floor["test/rmse"]
