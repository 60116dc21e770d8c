"""Sets of MoleculeNet (Wu et al. 2018, https://arxiv.org/abs/1703.00564)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from attnframe.plugin.published import PublishedFile
from attnframe_graph.data.graph_set import GraphSet
from attnframe_graph.data.molecules import molecule_set, scaffold_parts
from attnframe_graph.data.smiles import read_molecules
from attnframe_graph.recipes.molecules import PublishedMolecules

ADDRESS: Final = "https://deepchemdata.s3-us-west-1.amazonaws.com/datasets"


@dataclass(frozen=True)
class MoleculeTable:
    """One published table.

    Args:
        file: its name. sha256: of its bytes, hex.
        target: the column with classes or values; SMILES stand in ``smiles``.
    """

    file: str
    sha256: str
    target: str


TABLES: Final = {
    "esol": MoleculeTable(
        "delaney-processed.csv",
        "8c06a76f0c6487d29ab0f903e6a7a7139f189ab3c1178f159c8be8964602f189",
        "measured log solubility in mols per litre",
    ),
    "bbbp": MoleculeTable("BBBP.csv", "34c10e0f0b15dbc178c3ce4ad9774decc6a202776a31763f5a899309c97497ee", "BBBP"),
}


def fetch(name: str, data_dir: Path) -> Path:
    """The verified table of a set, fetched when it is not there.

    Raises:
        DataError: when it differs or cannot be fetched.
    """
    table = TABLES[name]
    return PublishedFile(name, f"{ADDRESS}/{table.file}", table.sha256, f"molecules/{table.file}").ready(data_dir)


def read_molecule_net(name: str, data_dir: Path, recipe: PublishedMolecules) -> GraphSet:
    """The molecules of a published set; the few whose SMILES RDKit cannot read (11 of bbbp's) are left out.

    Raises:
        DataError: when the file is missing or differs, or RDKit is not installed.
    """
    table = pd.read_csv(fetch(name, data_dir), dtype={"smiles": str})
    by_scaffold = recipe.splitter == "scaffold"
    read = read_molecules([text.strip() for text in table["smiles"]], scaffolds=by_scaffold)
    kept = [number for number, one in enumerate(read) if one is not None]
    molecules = [one for one in read if one is not None]
    rows = table.iloc[kept]
    parts = scaffold_parts(molecules, recipe.split) if by_scaffold else None
    targets = rows[TABLES[name].target].to_numpy()
    names = [text.strip() for text in rows["smiles"]]
    if recipe.continuous:
        return molecule_set(names, molecules, targets.astype(np.float64), parts=parts)
    classes, numbers = np.unique(targets.astype(np.int64), return_inverse=True)
    return molecule_set(names, molecules, numbers.astype(np.int64), tuple(str(one) for one in classes), parts)
