"""`data=cora` and `data=citeseer`. Torch-free."""

from __future__ import annotations

from abc import ABC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_graph.recipes.graphs import GraphData, nominal

if TYPE_CHECKING:
    from attnframe_graph.data.module import GraphModule


@frozen
class Planetoid(GraphData, ABC):
    """Base of the citation graphs of Yang et al. (2016, https://arxiv.org/abs/1603.08861) with the public split: 20
    labelled nodes a class to train on, 500 for validation, 1,000 for test. Words of a paper count as shares of it.
    """

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphModule:
        from attnframe_graph.data.module import GraphModule
        from attnframe_graph.data.planetoid import read_planetoid

        return GraphModule(self, lambda: read_planetoid(self.name, data_dir))

    def download(self, data_dir: Path) -> None:
        from attnframe_graph.data.planetoid import fetch

        fetch(self.name, data_dir)


@frozen
class Cora(Planetoid):
    """Papers on machine learning and their citations."""

    name: ClassVar[str] = "cora"
    summary: ClassVar[str] = "2,708 papers in 7 fields and their citations, public split (kimiyoung/planetoid, MIT)"

    def nominal_facts(self) -> Facts:
        return nominal(tuple("0123456"), 2708, 1433, 13_264)


@frozen
class CiteSeer(Planetoid):
    """Papers on computer science and their citations; 48 of them cite none and are cited by none."""

    name: ClassVar[str] = "citeseer"
    summary: ClassVar[str] = "3,327 papers in 6 fields and their citations, public split (kimiyoung/planetoid, MIT)"

    def nominal_facts(self) -> Facts:
        return nominal(tuple("012345"), 3327, 3703, 12_431)
