"""The task `node_classification`: a label for each node of one graph. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts
from attnframe_graph.edge_task import EdgeTask
from attnframe_graph.recipes.digits_graph import DigitsGraph
from attnframe_graph.recipes.graph_csv import GraphCsv
from attnframe_graph.recipes.graph_network import ClassifyingNetwork
from attnframe_graph.recipes.planetoid import CiteSeer, Cora
from attnframe_graph.recipes.transformer import ClassifyingTransformer

if TYPE_CHECKING:
    from attnframe_graph.node_classifier import NodeClassifier


class NodeClassification(EdgeTask):
    """A label for each node of one graph, of which some are labelled (Kipf and Welling 2017; GAT, Velickovic et al.
    2018)."""

    name: ClassVar[str] = "node_classification"
    summary: ClassVar[str] = "a label for each node of one graph (GAT 2018)"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (ClassifyingNetwork, ClassifyingTransformer)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (DigitsGraph, Cora, CiteSeer, GraphCsv)}
    )

    def build(self, parts: Parts, facts: Facts) -> NodeClassifier:
        from attnframe_graph.node_classifier import NodeClassifier

        return NodeClassifier(parts, facts)
