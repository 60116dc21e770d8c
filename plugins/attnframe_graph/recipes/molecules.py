"""`data=smiles_csv data.path=FILE`, `data=esol` and `data=bbbp`. Torch-free."""

from __future__ import annotations

from abc import ABC
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.errors import ConfigurationError
from attnframe.plugin.contract import Facts
from attnframe.recipe import frozen
from attnframe_graph.recipes.graph_sets import Form, GraphSetData, OwnData, nominal

if TYPE_CHECKING:
    from attnframe_graph.data.graph_set_module import GraphSetModule

BONDS = ("single", "double", "triple", "aromatic", "other")
"""Kinds of edges of a molecule."""
ATOM_FEATURES = 40
"""About as many features an atom has."""


@frozen
class Molecules(GraphSetData, ABC):
    """Base of molecules that are written as SMILES: nodes are atoms, edges are bonds, whose kinds the model sees.

    Args:
        splitter: ``random``, or ``scaffold``, which keeps molecules with the same rings and chains between them
            together and tests on rare ones (Bemis and Murcko 1996, https://doi.org/10.1021/jm9602928).
    """

    form: ClassVar[Form] = "smiles"

    splitter: Literal["random", "scaffold"] = "random"

    def nominal_facts(self) -> Facts:
        return nominal(self, ATOM_FEATURES, BONDS, ("0", "1"))

    @property
    def splitter_in_words(self) -> str:
        """How the parts are made."""
        if self.splitter == "scaffold":
            return "Bemis-Murcko scaffolds, the rarest for test, in an order drawn with seed 0 where they are as rare"
        return "random" if self.continuous else "stratified random"


@frozen
class SmilesCsv(OwnData, Molecules):
    """A user's own molecules: a table with the columns ``smiles`` and ``target``, the target a class."""

    name: ClassVar[str] = "smiles_csv"
    summary: ClassVar[str] = "your own molecules: a table of smiles and target (data.path=FILE)"
    needed: ClassVar[str] = "a CSV file with the columns smiles and target"

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphSetModule:
        from attnframe_graph.data.graph_set_module import GraphSetModule
        from attnframe_graph.data.smiles_csv import read_smiles_csv

        if self.path is None:
            raise ConfigurationError(self.fault("path", f"must be {self.needed}"))
        read = read_smiles_csv(Path(self.path), self)
        return GraphSetModule(self, read, self.splitter_in_words)


@frozen
class MeasuredSmilesCsv(SmilesCsv):
    """A user's own molecules: a table with the columns ``smiles`` and ``target``, the target a number."""

    continuous: ClassVar[bool] = True


@frozen
class PublishedMolecules(Molecules, ABC):
    """Base of the sets of MoleculeNet (Wu et al. 2018, https://arxiv.org/abs/1703.00564)."""

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> GraphSetModule:
        from attnframe_graph.data.graph_set_module import GraphSetModule
        from attnframe_graph.data.molecule_net import read_molecule_net

        return GraphSetModule(self, lambda: read_molecule_net(self.name, data_dir, self), self.splitter_in_words)

    def download(self, data_dir: Path) -> None:
        from attnframe_graph.data.molecule_net import fetch

        fetch(self.name, data_dir)


@frozen
class Esol(PublishedMolecules):
    """How well molecules dissolve in water, as the logarithm of mols in a litre (Delaney 2004,
    https://doi.org/10.1021/ci034243x)."""

    name: ClassVar[str] = "esol"
    summary: ClassVar[str] = "1,128 molecules and their solubility in water (MoleculeNet; licence not stated)"
    continuous: ClassVar[bool] = True


@frozen
class Bbbp(PublishedMolecules):
    """Whether molecules pass the barrier between blood and brain (Martins et al. 2012,
    https://doi.org/10.1021/ci300124c)."""

    name: ClassVar[str] = "bbbp"
    summary: ClassVar[str] = "2,039 molecules that pass into the brain, or do not (MoleculeNet; licence not stated)"
