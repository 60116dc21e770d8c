"""`data=motifs`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import AtLeast, frozen
from attnframe_graph.recipes.graph_sets import GraphSetData, nominal

if TYPE_CHECKING:
    from attnframe_graph.data.graph_set_module import GraphSetModule

CLASSES = ("ring", "house", "clique", "bare")
LEAST_SHARE = 0.05
"""Share of the graphs in which every class still occurs."""


@frozen
class Motifs(GraphSetData):
    """Random trees with a few more edges and one of three motifs hung on, or none: a ring of five, a house or a clique
    of four (after Ying et al. 2019, https://arxiv.org/abs/1903.03894). Which one is the class.

    Split at random, stratified, with seed 0, by `split`.

    Args:
        size: graphs.
    """

    name: ClassVar[str] = "motifs"
    summary: ClassVar[str] = "generated trees with a motif hung on, to be named or counted (no network)"

    size: Annotated[int, AtLeast(100)] = 600

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) < LEAST_SHARE:
            yield self.fault("split", f"must give each part at least {LEAST_SHARE}", "Try [0.8,0.1,0.1].")

    def nominal_facts(self) -> Facts:
        return nominal(self, 1, (), CLASSES)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphSetModule:
        from attnframe_graph.data.graph_set_module import GraphSetModule
        from attnframe_graph.data.motifs import motifs

        return GraphSetModule(self, lambda: motifs(self.size, count=self.continuous), "stratified random")


@frozen
class CountedMotifs(Motifs):
    """Random trees with a few more edges and up to four motifs hung on: rings of five, houses and cliques of four. How
    many triangles there are is the target.

    Split at random, with seed 0, by `split`.

    Args:
        size: graphs.
    """

    continuous: ClassVar[bool] = True
