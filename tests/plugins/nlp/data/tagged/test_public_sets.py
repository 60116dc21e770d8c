"""The public sets, read whole where they are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attnframe_nlp.data.tagged.sentences import UNTAGGED
from attnframe_nlp.recipes.atis import Atis
from attnframe_nlp.recipes.protein_ss import ProteinStructure

from attnframe.errors import DataError

DATA_DIR = os.environ.get("ATTNFRAME_DATA_DIR")
needs_data = pytest.mark.skipif(DATA_DIR is None, reason="ATTNFRAME_DATA_DIR is not set")


@needs_data
def test_atis() -> None:
    found = Atis().source(Path(DATA_DIR or "")).read()
    assert [int((found.parts == part).sum()) for part in range(3)] == [4478, 500, 893]
    assert len({tag for row in found.tags for tag in row}) == 127
    assert all(len(words) == len(tags) for words, tags in zip(found.tokens, found.tags, strict=True))


@needs_data
def test_proteins() -> None:
    chosen = (ProteinStructure(test_set="cb513"), 511), (ProteinStructure(test_set="flip"), 364)
    for recipe, count in chosen:
        found = recipe.source(Path(DATA_DIR or "")).read()
        assert [int((found.parts == part).sum()) for part in range(3)] == [9712, 1080, count]
        assert {tag for row in found.tags for tag in row} == {"C", "E", "H", UNTAGGED}


def test_files_that_differ_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "protein_ss").mkdir()
    for name in ("splits.zip", "CB513_HHblits.csv"):
        (tmp_path / "protein_ss" / name).write_text("x")
    with pytest.raises(DataError, match="must be the published file") as error:
        ProteinStructure().download(tmp_path)
    assert len(error.value.faults) == 2
