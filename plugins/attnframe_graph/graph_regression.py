"""The task `graph_regression`: a value for each graph. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts
from attnframe_graph.edge_task import EdgeTask
from attnframe_graph.recipes.graph_network import PooledNetwork
from attnframe_graph.recipes.molecules import Esol, MeasuredSmilesCsv
from attnframe_graph.recipes.motifs import CountedMotifs
from attnframe_graph.recipes.transformer import PooledTransformer
from attnframe_graph.recipes.tu_folder import MeasuredTuFolder

if TYPE_CHECKING:
    from attnframe_graph.graph_regressor import GraphRegressor


class GraphRegression(EdgeTask):
    """A value for each graph, as a measure of molecules (Gilmer et al. 2017; Ying et al. 2021)."""

    name: ClassVar[str] = "graph_regression"
    summary: ClassVar[str] = "a value for each graph, as a measure of molecules (Ying et al. 2021)"
    monitor: ClassVar[Monitor] = Monitor("rmse", "min")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (PooledNetwork, PooledTransformer)}
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (CountedMotifs, Esol, MeasuredTuFolder, MeasuredSmilesCsv)}
    )

    def build(self, parts: Parts, facts: Facts) -> GraphRegressor:
        from attnframe_graph.graph_regressor import GraphRegressor

        return GraphRegressor(parts, facts)
