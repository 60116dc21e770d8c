"""The task `graph_classification`: a class for each graph. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts
from attnframe_graph.edge_task import EdgeTask
from attnframe_graph.recipes.graph_network import ClassifyingPooledNetwork
from attnframe_graph.recipes.molecules import Bbbp, SmilesCsv
from attnframe_graph.recipes.motifs import Motifs
from attnframe_graph.recipes.transformer import ClassifyingPooledTransformer
from attnframe_graph.recipes.tu_folder import TuFolder
from attnframe_graph.recipes.tu_sets import Mutag, Proteins

if TYPE_CHECKING:
    from attnframe_graph.graph_classifier import GraphClassifier


class GraphClassification(EdgeTask):
    """A class for each graph, as of molecules and proteins (Xu et al. 2019; Dwivedi and Bresson 2021)."""

    name: ClassVar[str] = "graph_classification"
    summary: ClassVar[str] = "a class for each graph, as of molecules (Dwivedi and Bresson 2021)"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (ClassifyingPooledNetwork, ClassifyingPooledTransformer)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (Motifs, Mutag, Proteins, Bbbp, TuFolder, SmilesCsv)}
    )

    def build(self, parts: Parts, facts: Facts) -> GraphClassifier:
        from attnframe_graph.graph_classifier import GraphClassifier

        return GraphClassifier(parts, facts)
