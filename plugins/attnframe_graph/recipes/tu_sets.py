"""`data=mutag` and `data=proteins`. Torch-free."""

from __future__ import annotations

from abc import ABC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_graph.recipes.graph_sets import FoldedData, nominal

if TYPE_CHECKING:
    from attnframe_graph.data.graph_set_module import GraphSetModule


@frozen
class TuSet(FoldedData, ABC):
    """Base of sets of the TU collection (Morris et al. 2020, https://arxiv.org/abs/2007.08663) with the ten folds of Xu
    et al. (2019, https://arxiv.org/abs/1810.00826); without a fold, split at random, stratified, with seed 0.
    """

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphSetModule:
        from attnframe_graph.data.graph_set_module import GraphSetModule
        from attnframe_graph.data.tu_sets import read_tu_set

        return GraphSetModule(
            self, lambda: read_tu_set(self.name, data_dir, self.fold), "stratified random", self.held_out
        )

    def download(self, data_dir: Path) -> None:
        from attnframe_graph.data.tu_sets import fetch

        fetch(self.name, data_dir)


@frozen
class Mutag(TuSet):
    """Molecules that change bacteria's genes, or do not; nodes are atoms, of which the element is known."""

    name: ClassVar[str] = "mutag"
    summary: ClassVar[str] = "188 molecules, mutagenic or not, ten folds (TU collection; licence not stated)"

    def nominal_facts(self) -> Facts:
        return nominal(self, 7, (), ("0", "1"))


@frozen
class Proteins(TuSet):
    """Proteins that are enzymes, or are not; nodes are helices, sheets and turns."""

    name: ClassVar[str] = "proteins"
    summary: ClassVar[str] = "1,113 proteins, enzymes or not, ten folds (TU collection; licence not stated)"

    def nominal_facts(self) -> Facts:
        return nominal(self, 3, (), ("0", "1"))
