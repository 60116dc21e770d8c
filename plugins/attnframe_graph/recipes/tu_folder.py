"""`data=tu_folder data.path=DIR`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import ConfigurationError
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_graph.recipes.graph_sets import OwnData, nominal

if TYPE_CHECKING:
    from attnframe_graph.data.graph_set_module import GraphSetModule


@frozen
class TuFolder(OwnData):
    """A user's own graphs in the format of the TU collection (Morris et al. 2020, https://arxiv.org/abs/2007.08663): a
    folder with ``NAME_A.txt``, ``NAME_graph_indicator.txt`` and ``NAME_graph_labels.txt``, and, where there are any,
    ``NAME_node_labels.txt``, ``NAME_node_attributes.txt`` and ``NAME_edge_labels.txt``.

    Split at random, stratified, with seed 0, by `split`.
    """

    name: ClassVar[str] = "tu_folder"
    summary: ClassVar[str] = "your own graphs in the format of the TU collection (data.path=DIR)"
    needed: ClassVar[str] = "a folder with NAME_A.txt, NAME_graph_indicator.txt and the graphs' labels"

    def nominal_facts(self) -> Facts:
        return nominal(self, 4, ("a", "b"), ("a", "b"))

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphSetModule:
        from attnframe_graph.data.graph_set_module import GraphSetModule
        from attnframe_graph.data.tu_folder import read_tu_folder

        if self.path is None:
            raise ConfigurationError(self.fault("path", f"must be {self.needed}"))
        folder = Path(self.path)
        splitter = "random" if self.continuous else "stratified random"
        return GraphSetModule(self, lambda: read_tu_folder(folder, continuous=self.continuous), splitter)


@frozen
class MeasuredTuFolder(TuFolder):
    """A user's own graphs in the format of the TU collection (Morris et al. 2020, https://arxiv.org/abs/2007.08663)
    with values: as for classes, but ``NAME_graph_attributes.txt`` in place of ``NAME_graph_labels.txt``.

    Split at random, with seed 0, by `split`.
    """

    continuous: ClassVar[bool] = True
