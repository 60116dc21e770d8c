"""`data=graph_csv data.path=DIR`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_graph.recipes.graphs import GraphData, nominal

if TYPE_CHECKING:
    from attnframe_graph.data.module import GraphModule


@frozen
class GraphCsv(GraphData):
    """A user's own graph: a folder with ``nodes.csv`` (id, label, split, features) and ``edges.csv`` (source, target).

    An empty label leaves a node unlabelled. ``split`` is train, val, test or empty; without the column the labelled
    nodes are split by `split`, stratified, with seed 0. Features are numbers, one column each.
    """

    name: ClassVar[str] = "graph_csv"
    summary: ClassVar[str] = "your own graph: nodes.csv (id, label, split, features) and edges.csv (data.path=DIR)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be a folder with nodes.csv and edges.csv", "Give data.path=DIR.")

    def nominal_facts(self) -> Facts:
        return nominal(("a", "b"), 100, 8, 500)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphModule:
        from attnframe_graph.data.graph_csv import read_graph_csv
        from attnframe_graph.data.module import GraphModule

        if self.path is None:
            raise ConfigurationError(self.fault("path", "must be a folder with nodes.csv and edges.csv"))
        folder = Path(self.path)
        return GraphModule(self, lambda: read_graph_csv(folder))
