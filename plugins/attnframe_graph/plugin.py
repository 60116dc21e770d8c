"""The declaration of the graph plugin. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from attnframe.plugin.contract import Plugin, Task
from attnframe_graph.graph_classification import GraphClassification
from attnframe_graph.graph_regression import GraphRegression
from attnframe_graph.node_classification import NodeClassification


class GraphPlugin(Plugin):
    """Graphs: attention over edge lists."""

    name: ClassVar[str] = "graph"
    api_version: ClassVar[int] = 1
    tasks: ClassVar[Mapping[str, Task]] = MappingProxyType(
        {task.name: task for task in (NodeClassification(), GraphClassification(), GraphRegression())}
    )


plugin = GraphPlugin()
