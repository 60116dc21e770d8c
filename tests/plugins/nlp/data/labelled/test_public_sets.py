"""The public sets, read whole where they are there."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from attnframe_nlp.recipes.atis_intents import AtisIntents
from attnframe_nlp.recipes.labelled_texts import LabelledTexts
from attnframe_nlp.recipes.sst2 import Sst2
from attnframe_nlp.recipes.trec6 import Trec6
from attnframe_nlp.recipes.uci_dna import UciDna

from attnframe.errors import DataError

DATA_DIR = os.environ.get("ATTNFRAME_DATA_DIR")
needs_data = pytest.mark.skipif(DATA_DIR is None, reason="ATTNFRAME_DATA_DIR is not set")


@needs_data
@pytest.mark.parametrize(
    ("recipe", "counts", "classes"),
    [
        (Sst2(), [6920, 872, 1821], 2),
        (Trec6(), [5452, 0, 500], 6),
        (AtisIntents(), [4478, 500, 893], 26),
        (UciDna(), [2871, 0, 319], 3),
        (UciDna(problem="promoters", fold=9), [96, 0, 10], 2),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_parts_and_classes_are_the_published_ones(recipe: LabelledTexts, counts: list[int], classes: int) -> None:
    texts = recipe.source(Path(DATA_DIR or "")).read()
    assert [int((texts.parts == part).sum()) for part in range(3)] == counts
    assert len(Counter(texts.labels)) == classes
    assert all(texts.texts)


@needs_data
def test_the_folds_of_dna_are_all_of_it_once() -> None:
    tests = [UciDna(fold=fold).source(Path(DATA_DIR or "")).read().parts for fold in range(10)]
    assert (sum((parts == 2).astype(int) for parts in tests) == 1).all()


@pytest.mark.parametrize("recipe", [Sst2(), Trec6(), AtisIntents(), UciDna()], ids=lambda recipe: str(recipe.name))
def test_files_that_differ_are_all_named(recipe: LabelledTexts, tmp_path: Path) -> None:
    for name in ("sst2/train.tsv", "sst2/dev.tsv", "sst2/test.tsv", "trec6/TREC.train", "trec6/TREC.test"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    for name in [
        f"atis/{part}/{kind}" for part in ("train", "valid", "test") for kind in ("seq.in", "seq.out", "label")
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "uci_dna").mkdir()
    for name in ("spliceData.txt", "promoters.data"):
        (tmp_path / "uci_dna" / name).write_text("x")
    with pytest.raises(DataError, match="must be the published file") as error:
        recipe.download(tmp_path)
    assert len(error.value.faults) == {"sst2": 3, "trec6": 2, "atis": 9, "uci_dna": 2}[recipe.name]
