"""Parts, facts, digest and floor of a graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from attnframe_graph.data.module import GraphModule

from attnframe.errors import DataError

NODES = [
    "id,label,split,x",
    "a,cat,train,1",
    "b,dog,train,2",
    "c,cat,val,1",
    "d,dog,val,2",
    "e,cat,test,1",
    "f,dog,test,2",
]


def test_parts_facts_and_batches(made_module: Callable[..., GraphModule]) -> None:
    module = made_module()
    assert [split.members.tolist() for split in (module.train, module.val, module.test)] == [[0, 1], [2, 3], [4, 5]]
    assert module.facts["classes"] == ["cat", "dog"]
    assert module.facts["features"] == ["height", "weight"]
    assert module.facts["nodes"] == 7
    batch = module.val.batch(torch.tensor([1]))
    assert batch["nodes"].tolist() == [3]
    assert batch["labels"].tolist() == [1]
    assert batch["edges"].shape == (2, module.facts["edges"]) == (2, 2 * 6 + 7)


def test_the_digest_changes_with_the_data(made_module: Callable[..., GraphModule]) -> None:
    first = made_module().digest
    assert made_module().digest == first
    assert made_module(self_loops=False).digest != first
    longer = made_module(nodes=[*NODES, "g,,,3"]).digest
    assert longer != made_module(nodes=[*NODES, "g,,,4"]).digest


def test_labelled_nodes_are_split_where_the_data_do_not(made_module: Callable[..., GraphModule]) -> None:
    nodes = ["id,label,x", *(f"n{i},{'ab'[i % 2]},{i}" for i in range(20)), "u,,0"]
    module = made_module(nodes=nodes, edges=["source,target", "n0,n1"])
    assert [len(split) for split in (module.train, module.val, module.test)] == [16, 2, 2]
    for split in (module.train, module.val, module.test):
        assert split.labels[split.members].float().mean() == 0.5


def test_a_class_or_part_without_nodes_is_named(made_module: Callable[..., GraphModule]) -> None:
    nodes = [line.replace("b,dog,train", "b,cat,train").replace("test", "val") for line in NODES]
    edges = ["source,target", "a,c"]
    with pytest.raises(DataError, match="class dog must have nodes to train on"):
        made_module(nodes=nodes, edges=edges, split=(1.0, 0.0, 0.0))
    with pytest.raises(DataError, match="part test must hold labelled nodes"):
        made_module(nodes=nodes, edges=edges, split=(1.0, 0.0, 0.0))


def test_known_facts_order_the_classes(made_module: Callable[..., GraphModule]) -> None:
    module = made_module()
    module.known_facts = {**module.facts, "classes": ["dog", "cat"]}
    module.setup()
    assert module.train.labels.tolist()[:2] == [1, 0]
    module.known_facts = {**module.facts, "classes": ["dog"], "features": ["height"]}
    with pytest.raises(DataError) as error:
        module.setup()
    assert "class cat must be one that the model was trained on. Known: dog." in str(error.value)
    assert "features must be the 1 that the model was trained on" in str(error.value)


def test_the_floor_sees_no_edges(made_module: Callable[..., GraphModule]) -> None:
    floor = made_module().floor()
    assert floor["name"].startswith("logistic regression on features")
    assert floor["test/accuracy"] == 1.0


def test_isolated_nodes_see_themselves_and_loops_count_once(made_module: Callable[..., GraphModule]) -> None:
    module = made_module(nodes=NODES, edges=["source,target", "a,a", "a,b", "b,a"])
    found = module.train.edges.T.tolist()
    assert sorted(found) == sorted([[0, 1], [1, 0], *([node, node] for node in range(6))])
    module = made_module(nodes=NODES, edges=["source,target"], self_loops=False)
    assert module.facts["edges"] == 0
