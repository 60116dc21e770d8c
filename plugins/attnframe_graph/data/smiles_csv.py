"""A user's own molecules: a table of SMILES and targets, or SMILES alone to be predicted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe_graph.data.graph_set import GraphSet
from attnframe_graph.data.molecules import molecule_set, scaffold_parts
from attnframe_graph.data.smiles import Molecule, read_molecules
from attnframe_graph.data.table import bad_rows, read_table
from attnframe_graph.recipes.molecules import SmilesCsv

WORKS = "Write a CSV file whose first row is smiles,target."


def read_smiles_csv(file: Path, recipe: SmilesCsv) -> Callable[[], GraphSet]:
    """What reads the molecules of a table with the columns ``smiles`` and ``target``.

    It raises DataError with everything that is wrong with the table.

    Args:
        file: the table.
        recipe: whether targets are values, and how molecules are split.
    """

    def read() -> GraphSet:
        faults: list[Fault] = []
        if not file.is_file():
            raise DataError(
                Fault("data.path", "must be a CSV file with the columns smiles and target", str(file), WORKS)
            )
        table = read_table(file, ("smiles", "target"), faults)
        if table is None:
            raise DataError(faults)
        molecules = _molecules(file, table["smiles"], faults, recipe.splitter == "scaffold")
        targets, classes = _values(file, table, faults) if recipe.continuous else _classes(file, table, faults)
        if faults:
            raise DataError(faults)
        parts = scaffold_parts(molecules, recipe.split) if recipe.splitter == "scaffold" else None
        return molecule_set(list(table["smiles"]), molecules, targets, classes, parts)

    return read


def read_smiles(source: str) -> GraphSet:
    """Molecules to predict for.

    Args:
        source: a CSV file with a column ``smiles``, another file with a SMILES a line (what follows a space is not
            looked at), or one SMILES itself.

    Raises:
        DataError: with everything that is wrong with it.
    """
    file, faults = Path(source), list[Fault]()
    if file.suffix == ".csv":
        table = read_table(file, ("smiles",), faults)
        if table is None:
            raise DataError(faults)
        texts = table["smiles"]
    elif file.is_file():
        lines = file.read_text(encoding="utf-8").splitlines()
        texts = pd.Series([line.split()[0] for line in lines if line.strip()], dtype=str)
    else:
        texts = pd.Series([source], dtype=str)
    if not len(texts):
        faults.append(Fault(f"input ({source})", "must hold SMILES", "none"))
    molecules = _molecules(file, texts, faults, False, first=2 if file.suffix == ".csv" else 1)
    if faults:
        raise DataError(faults)
    return molecule_set(list(texts), molecules, np.zeros(len(texts)))


def _molecules(
    file: Path, texts: pd.Series[str], faults: list[Fault], scaffolds: bool, first: int = 2
) -> list[Molecule]:
    found = read_molecules(list(texts), scaffolds=scaffolds)
    bad = pd.Series([one is None for one in found], dtype=bool)
    faults += bad_rows(file, bad, "must have a SMILES that RDKit can read", list(texts), first)
    return [one for one in found if one is not None]


def _values(file: Path, table: pd.DataFrame, faults: list[Fault]) -> tuple[npt.NDArray[np.float64], tuple[str, ...]]:
    values = pd.to_numeric(table["target"], errors="coerce").to_numpy(np.float64)
    bad = pd.Series(~np.isfinite(values))
    faults += bad_rows(file, bad, "must have a finite number as target", list(table["target"]))
    return values, ()


def _classes(file: Path, table: pd.DataFrame, faults: list[Fault]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    faults += bad_rows(file, table["target"] == "", "must have a class as target")
    classes = tuple(sorted({label for label in table["target"] if label}))
    if len(classes) < 2:
        faults.append(Fault(str(file), "must have targets of at least two classes", ", ".join(classes) or "none"))
    numbers = {name: number for number, name in enumerate(classes)}
    return np.array([numbers.get(label, 0) for label in table["target"]], np.int64), classes
