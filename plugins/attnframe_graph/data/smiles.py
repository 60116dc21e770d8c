"""Molecules as graphs: atoms with features, and bonds with kinds, read by RDKit."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe_graph.recipes.molecules import BONDS

ELEMENTS = ("C", "N", "O", "S", "F", "Cl", "Br", "I", "P", "Si", "B", "Se", "Na", "K", "H")
"""Elements with a feature of their own; all others share one."""
HYDROGENS, CHARGES, RINGS = range(5), (-1, 0, 1), (3, 4, 5, 6, 7)
HYBRIDISATIONS = ("SP", "SP2", "SP3")
FEATURES = (
    *(f"element {name}" for name in ELEMENTS),
    "element other",
    *(f"hydrogens {count}" for count in HYDROGENS),
    *(f"charge {charge}" for charge in CHARGES),
    *(f"hybridisation {name}" for name in HYBRIDISATIONS),
    "aromatic",
    *(f"ring of {size}" for size in RINGS),
    *(f"{name} bonds" for name in BONDS),
    "mass",
    "chiral",
)
"""What is known of an atom."""


@dataclass(frozen=True)
class Molecule:
    """One molecule.

    Args:
        features: (atoms, F) float32, as `FEATURES` names them.
        edges: (2, bonds) int64, each bond once. kinds: (bonds,) int64 index into `BONDS`.
        scaffold: its rings and the chains between them, as SMILES; empty when it has no ring.
    """

    features: npt.NDArray[np.float32]
    edges: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.int64]
    scaffold: str = ""


def read_molecules(texts: Sequence[str], *, scaffolds: bool = False) -> list[Molecule | None]:
    """The molecules that some SMILES stand for; None for a text that is no SMILES or has no atom.

    Args:
        texts: the SMILES. scaffolds: whether scaffolds are found too.

    Raises:
        DataError: when RDKit is not installed.
    """
    if importlib.util.find_spec("rdkit") is None:
        works = "Install it: pip install 'attnframe[molecules]'."
        raise DataError(Fault("rdkit", "must be installed to read SMILES", "", works))
    from rdkit import Chem
    from rdkit.Chem.Scaffolds import MurckoScaffold

    found: list[Molecule | None] = []
    with _quiet():
        for text in texts:
            read = Chem.MolFromSmiles(text.strip()) if text.strip() else None
            if read is None or not read.GetNumAtoms():
                found.append(None)
                continue
            scaffold = MurckoScaffold.MurckoScaffoldSmiles(mol=read) if scaffolds else ""
            found.append(Molecule(*_arrays(read), scaffold))
    return found


def _arrays(read: Any) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    bonds = [(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), _kind(bond)) for bond in read.GetBonds()]
    table = np.array(bonds, np.int64).reshape(-1, 3)
    atoms = read.GetNumAtoms()
    counts = np.zeros((atoms, len(BONDS)), np.float32)
    for end in (0, 1):
        np.add.at(counts, (table[:, end], table[:, 2]), 1)
    rows = [_atom(atom, counts[number]) for number, atom in enumerate(read.GetAtoms())]
    return np.array(rows, np.float32), table[:, :2].T.copy(), table[:, 2].copy()


def _atom(atom: Any, bonds: npt.NDArray[np.float32]) -> list[float]:
    symbol = atom.GetSymbol()
    hydrogens = min(atom.GetTotalNumHs(), HYDROGENS[-1])
    charge = max(CHARGES[0], min(atom.GetFormalCharge(), CHARGES[-1]))
    hybridisation = str(atom.GetHybridization())
    return [
        *(float(symbol == name) for name in ELEMENTS),
        float(symbol not in ELEMENTS),
        *(float(hydrogens == count) for count in HYDROGENS),
        *(float(charge == one) for one in CHARGES),
        *(float(hybridisation == name) for name in HYBRIDISATIONS),
        float(atom.GetIsAromatic()),
        *(float(atom.IsInRingSize(size)) for size in RINGS),
        *bonds.tolist(),
        atom.GetMass(),
        float(str(atom.GetChiralTag()) != "CHI_UNSPECIFIED"),
    ]


def _kind(bond: Any) -> int:
    name = str(bond.GetBondType()).lower()
    return BONDS.index(name) if name in BONDS else len(BONDS) - 1


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep RDKit's words on a text that is no SMILES to itself: the error says them."""
    from rdkit import rdBase

    block = rdBase.BlockLogs()
    try:
        yield
    finally:
        del block
