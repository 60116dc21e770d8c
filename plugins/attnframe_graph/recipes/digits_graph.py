"""`data=digits_graph`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe.recipe import Between, frozen
from attnframe_graph.recipes.graphs import GraphData, nominal

if TYPE_CHECKING:
    from attnframe_graph.data.module import GraphModule

LEAST_SHARE = 0.01
"""Share of the digits in which every class still occurs."""


@frozen
class DigitsGraph(GraphData):
    """The neighbour graph of scikit-learn's 1,797 handwritten digits: each joined to those most like it, pixel by
    pixel; a tenth is labelled.

    Split at random, stratified, with seed 0, by `split`.

    Args:
        neighbours: digits that each is joined to.
    """

    name: ClassVar[str] = "digits_graph"
    summary: ClassVar[str] = (
        "neighbour graph of 1,797 digits, a tenth labelled, embedded in scikit-learn (UCI, CC BY 4.0; no network)"
    )

    split: tuple[float, float, float] = (0.1, 0.2, 0.7)
    neighbours: Annotated[int, Between(1, 100)] = 8

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) < LEAST_SHARE:
            yield self.fault("split", f"must give each part at least {LEAST_SHARE}", "Try [0.1,0.2,0.7].")

    def nominal_facts(self) -> Facts:
        return nominal(tuple("0123456789"), 1797, 64, 20_000)

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphModule:
        from attnframe_graph.data.digits_graph import digits_graph
        from attnframe_graph.data.module import GraphModule

        return GraphModule(self, lambda: digits_graph(self.neighbours))
