"""Molecules of a user's own, right and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("rdkit")

from attnframe_graph.data.smiles import FEATURES
from attnframe_graph.data.smiles_csv import read_smiles, read_smiles_csv
from attnframe_graph.recipes.molecules import BONDS, MeasuredSmilesCsv, SmilesCsv

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def table(folder: Path, lines: Sequence[str]) -> Path:
    file = folder / "molecules.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def told(file: Path, recipe: SmilesCsv) -> str:
    with pytest.raises(DataError) as error:
        read_smiles_csv(file, recipe)()
    return str(error.value)


def test_atoms_and_bonds_are_read(tmp_path: Path) -> None:
    file = table(tmp_path, ["smiles,target", "CC=O,yes", "c1ccccc1,no", "[Na+].[Cl-],no"])
    graphs = read_smiles_csv(file, SmilesCsv(path=str(file)))()
    assert graphs.sizes.tolist() == [3, 6, 2]
    assert graphs.classes == ("no", "yes")
    assert graphs.targets.tolist() == [1, 0, 0]
    assert [BONDS[kind] for kind in graphs.kinds] == ["single", "double", *["aromatic"] * 6]
    acetaldehyde = [{name for name, value in zip(FEATURES, row, strict=True) if value} for row in graphs.features[:3]]
    assert {"element C", "hydrogens 3", "hybridisation SP3", "charge 0", "single bonds"} <= acetaldehyde[0]
    assert {"element O", "hydrogens 0", "double bonds"} <= acetaldehyde[2]
    assert graphs.features[3, FEATURES.index("ring of 6")] == 1
    assert graphs.features[9, FEATURES.index("charge 1")] == 1


def test_values_are_numbers(tmp_path: Path) -> None:
    file = table(tmp_path, ["target,smiles", "-1.5,CC", "2e1,O"])
    graphs = read_smiles_csv(file, MeasuredSmilesCsv(path=str(file)))()
    assert (graphs.classes, graphs.targets.tolist()) == ((), [-1.5, 20.0])


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    file = table(tmp_path, ["smiles,target", "C1CC,1", "CC,nan", ",2", "CCO,high"])
    text = told(file, MeasuredSmilesCsv(path=str(file)))
    assert "must have a SMILES that RDKit can read in every row. Got row 2 (C1CC), row 4 ()." in text
    assert "must have a finite number as target in every row. Got row 3 (nan), row 5 (high)." in text
    text = told(table(tmp_path, ["smiles,target", "CC,a", "CO,", "xx,a"]), SmilesCsv(path=str(file)))
    assert "must have a class as target in every row. Got row 3." in text
    assert "must have targets of at least two classes. Got a." in text
    assert "row 4 (xx)" in text


def test_columns_and_files_are_asked_for_by_name(tmp_path: Path) -> None:
    file = table(tmp_path, ["molecule,value", "CC,1"])
    text = told(file, SmilesCsv(path=str(file)))
    assert "must have the column smiles and target. Got molecule, value." in text
    assert "data.path must be a CSV file with the columns" in told(tmp_path / "none.csv", SmilesCsv(path="none.csv"))
    assert "must have rows. Got none." in told(table(tmp_path, ["smiles,target"]), SmilesCsv(path=str(file)))


def test_molecules_of_one_scaffold_stay_together(tmp_path: Path) -> None:
    rings = ["c1ccccc1", "Cc1ccccc1", "CCc1ccccc1", "Oc1ccccc1", "Nc1ccccc1", "C1CCCCC1", "CC1CCCCC1", "C1CCCC1"]
    file = table(tmp_path, ["smiles,target", *(f"{text},{i}" for i, text in enumerate([*rings, "CC", "CCC"]))])
    recipe = MeasuredSmilesCsv(path=str(file), splitter="scaffold", split=(0.5, 0.2, 0.3))
    parts = read_smiles_csv(file, recipe)().parts.tolist()
    assert parts[:5] == [TRAIN] * 5
    assert parts[7] == TEST  # the rarest
    assert sorted(parts[5:7] + parts[8:]) == [VAL] * 2 + [TEST] * 2
    assert parts[5] == parts[6]
    assert parts[8] == parts[9]
    assert recipe.splitter_in_words.startswith("Bemis-Murcko scaffolds")


def test_scaffolds_that_are_as_rare_do_not_follow_the_file(tmp_path: Path) -> None:
    rings = [f"C1{'C' * size}{atom}1" for size in range(1, 21) for atom in ("C", "O", "N", "S")]
    lines = [f"{text},{'no' if number < 40 else 'yes'}" for number, text in enumerate(rings)]  # sorted by class
    file = table(tmp_path, ["smiles,target", *lines])
    recipe = SmilesCsv(path=str(file), splitter="scaffold")
    graphs = read_smiles_csv(file, recipe)()
    for part in (TRAIN, VAL, TEST):
        assert {*graphs.targets[graphs.parts == part].tolist()} == {0, 1}
    again = read_smiles_csv(file, recipe)()
    assert again.parts.tolist() == graphs.parts.tolist()


def test_smiles_to_predict_for_come_in_three_forms(tmp_path: Path) -> None:
    file = table(tmp_path, ["name,smiles", "ethanol,CCO"])
    lines = tmp_path / "molecules.smi"
    lines.write_text("CCO ethanol\n\nC methane\n", encoding="utf-8")
    assert read_smiles(str(file)).names == ("CCO",)
    assert read_smiles(str(lines)).names == ("CCO", "C")
    assert read_smiles("c1ccccc1").sizes.tolist() == [6]
    with pytest.raises(DataError, match=r"Got row 1 \(hello\)"):
        read_smiles("hello")
    lines.write_text("CCO\nC(\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"Got row 2 \(C\(\)"):
        read_smiles(str(lines))
    lines.write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match="must hold SMILES"):
        read_smiles(str(lines))


def test_a_single_atom_has_no_bond(tmp_path: Path) -> None:
    graphs = read_smiles("C")
    assert graphs.edges.shape == (2, 0)
    assert np.isfinite(graphs.features).all()
