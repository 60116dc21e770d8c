"""Shared by the graph tests: graphs made by hand, and the task's module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from attnframe_graph.data.graph_csv import read_graph_csv
from attnframe_graph.data.graph_set_module import GraphSetModule
from attnframe_graph.data.module import GraphModule
from attnframe_graph.data.motifs import motifs
from attnframe_graph.node_classification import NodeClassification
from attnframe_graph.node_classifier import NodeClassifier
from attnframe_graph.recipes.graph_csv import GraphCsv
from attnframe_graph.recipes.motifs import CountedMotifs, Motifs

from attnframe.plugin.contract import Parts
from attnframe.recipes.registry import attention_variants, position_schemes

NODES = [
    "id,label,split,height,weight",
    "a,cat,train,1,0.5",
    "b,dog,train,2,0.5",
    "c,cat,val,1,0.25",
    "d,dog,val,2,0.25",
    "e,cat,test,1,0",
    "f,dog,test,2,0",
    "g,,,3,1",
]
EDGES = ["source,target", "a,c", "c,e", "b,d", "d,f", "f,b", "a,g"]


@pytest.fixture
def graph_folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder with both tables; other lines may be given, or None for a file that is missing."""

    def write(nodes: Sequence[str] | None = NODES, edges: Sequence[str] | None = EDGES) -> Path:
        folder = tmp_path / "graph"
        folder.mkdir(exist_ok=True)
        for name, lines in (("nodes.csv", nodes), ("edges.csv", edges)):
            if lines is not None:
                (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return folder

    return write


@pytest.fixture
def made_module(graph_folder: Callable[..., Path]) -> Callable[..., GraphModule]:
    """A set-up data module over the made graph; other lines and fields of the recipe may be given."""

    def make(nodes: Sequence[str] = NODES, edges: Sequence[str] = EDGES, **fields: Any) -> GraphModule:
        folder = graph_folder(nodes, edges)
        module = GraphModule(GraphCsv(path=str(folder), **fields), lambda: read_graph_csv(folder))
        module.setup()
        return module

    return make


@pytest.fixture
def tu_folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder in the TU format: a triangle, a path of three and a pair; other lines of a file may be given, or None
    for a file that is missing."""

    def write(**changed: Sequence[str] | None) -> Path:
        folder = tmp_path / "shapes"
        folder.mkdir(exist_ok=True)
        files: dict[str, Sequence[str] | None] = {
            "A": ["1, 2", "2, 3", "3, 1", "4, 5", "5, 6", "7, 8"],
            "graph_indicator": ["1", "1", "1", "2", "2", "2", "3", "3"],
            "graph_labels": ["1", "-1", "-1"],
            "node_labels": ["0", "0", "5", "0", "0", "0", "5", "0"],
            "edge_labels": ["2", "2", "4", "2", "2", "2"],
            **changed,
        }
        for name, lines in files.items():
            if lines is not None:
                (folder / f"SHAPES_{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def made_set() -> Callable[..., GraphSetModule]:
    """A set-up data module of generated motifs; counted on request, and fields of the recipe may be given."""

    def make(count: bool = False, **fields: Any) -> GraphSetModule:
        recipe = (CountedMotifs if count else Motifs)(**{"size": 100, **fields})
        module = GraphSetModule(recipe, lambda: motifs(recipe.size, count=count), "random")
        module.setup()
        return module

    return make


@pytest.fixture
def build() -> Callable[..., NodeClassifier]:
    """A small classifier for facts; attention, position, model and the model's fields may be given."""

    def make(
        facts: dict[str, Any],
        attention: str = "gat",
        position: str = "none",
        model: str = "graph_network",
        **fields: Any,
    ) -> NodeClassifier:
        recipe = NodeClassification.models[model](**{"dim": 8, "depth": 2, **fields})
        parts = Parts(attention_variants()[attention](num_heads=2), position_schemes()[position](), recipe)
        return NodeClassification().build(parts, facts)

    return make
