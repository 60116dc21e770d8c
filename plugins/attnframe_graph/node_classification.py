"""The task `node_classification`: a label for each node of one graph. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe.recipes.position.base import PositionKind
from attnframe_graph.recipes.digits_graph import DigitsGraph
from attnframe_graph.recipes.graph_csv import GraphCsv
from attnframe_graph.recipes.graph_network import GraphNetworkRecipe
from attnframe_graph.recipes.model import NodeModel
from attnframe_graph.recipes.planetoid import CiteSeer, Cora
from attnframe_graph.recipes.transformer import GraphTransformerRecipe

if TYPE_CHECKING:
    from attnframe_graph.node_classifier import NodeClassifier


class NodeClassification(Task):
    """A label for each node of one graph, of which some are labelled (Kipf and Welling 2017; GAT, Velickovic et al.
    2018)."""

    name: ClassVar[str] = "node_classification"
    summary: ClassVar[str] = "a label for each node of one graph (GAT 2018)"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (GraphNetworkRecipe, GraphTransformerRecipe)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (DigitsGraph, Cora, CiteSeer, GraphCsv)}
    )
    provides: ClassVar[frozenset[PositionKind]] = frozenset({"graph"})
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_rnn": "nodes have no order in which to be read",
            "attention_cnn": "nodes stand on no grid",
            "hierarchical": "a graph has no parts of equal size",
        }
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(edges=True)

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        return ()

    def build(self, parts: Parts, facts: Facts) -> NodeClassifier:
        from attnframe_graph.node_classifier import NodeClassifier

        if not isinstance(parts.model, NodeModel):
            raise ConfigurationError(Fault("model", "must be a NodeModel", type(parts.model).__name__))
        return NodeClassifier(parts, facts)
