"""What the modules of tasks on whole graphs share."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from pathlib import Path

from attnframe.plugin.contract import PredictRecipe
from attnframe.plugin.task_module import TaskModule
from attnframe_graph.data.graph_set import GraphSet
from attnframe_graph.graph_inputs import read_graphs, write_example_graphs


class WholeGraphs(TaskModule, ABC):
    """Base of modules whose inputs are graphs of a user's own."""

    def example_input(self, folder: Path) -> str:
        """Two graphs."""
        return write_example_graphs(folder, self.facts)

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, GraphSet]]:
        """The graphs of a folder or file; see `read_graphs`.

        Raises:
            DataError: with everything that is wrong with it.
        """
        return read_graphs(source, self.facts)
