"""The published sets with folds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attnframe_graph.data.tu_sets import read_gin_text, read_tu_set
from attnframe_graph.recipes.tu_sets import Mutag, Proteins

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST

DATA = os.environ.get("ATTNFRAME_DATA_DIR")


def test_one_text_holds_all_graphs() -> None:
    graphs = read_gin_text("2\n3 1\n0 1 1\n4 2 0 2\n0 1 1\n1 0\n4 0\n", "small")
    assert graphs.sizes.tolist() == [3, 1]
    assert (graphs.classes, graphs.targets.tolist()) == (("0", "1"), [1, 0])
    assert graphs.feature_names == ("label 0", "label 4")
    assert graphs.edges.T.tolist() == [[1, 0], [0, 1], [2, 1], [1, 2]]


@pytest.mark.parametrize("text", ["", "2\n3 1\n0 0\n", "1\n2\n", "1\n1 0\nx 0\n"])
def test_a_text_that_is_no_such_text_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="small must be graphs in one text"):
        read_gin_text(text, "small")


def test_files_that_differ_are_all_named(tmp_path: Path) -> None:
    for name in ("MUTAG.txt", *(f"10fold_idx/test_idx-{fold}.txt" for fold in range(1, 11))):
        path = tmp_path / "tu_graphs" / "MUTAG" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("other", encoding="ascii")
    with pytest.raises(DataError) as error:
        read_tu_set("mutag", tmp_path, 0)
    assert len(error.value.faults) == 11


@pytest.mark.skipif(DATA is None, reason="ATTNFRAME_DATA_DIR is not set")
@pytest.mark.parametrize(("recipe", "graphs", "tested"), [(Mutag, 188, 18), (Proteins, 1113, 111)])
def test_the_given_folds(recipe: type[Mutag], graphs: int, tested: int, tmp_path: Path) -> None:
    data_dir = Path(str(DATA))
    seen = set()
    for fold in (0, 9):
        parts = read_tu_set(recipe.name, data_dir, fold).parts
        assert (parts == TEST).sum() == tested
        seen.update((parts == TEST).nonzero()[0].tolist())
    assert len(seen) == 2 * tested
    module = recipe(fold=3, held_out=0.0).build(data_dir=data_dir, cache_dir=tmp_path, seed=0)
    module.setup()
    assert len(module.train) == graphs - tested
    assert module.val is module.train
    assert module.protocol["split"] == "given fold 3 of 10, no graph held out for validation"
    module = recipe(fold=3).build(data_dir=data_dir, cache_dir=tmp_path, seed=0)
    module.setup()
    assert len(module.val) == pytest.approx(0.1 * (graphs - tested), abs=1)
    assert not set(module.val.members.tolist()) & set(module.train.members.tolist())
