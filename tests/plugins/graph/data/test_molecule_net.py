"""The published sets of molecules."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("rdkit")

from attnframe_graph.data.molecule_net import read_molecule_net
from attnframe_graph.recipes.molecules import Bbbp, Esol

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST

DATA = os.environ.get("ATTNFRAME_DATA_DIR")


def test_a_file_that_differs_is_named(tmp_path: Path) -> None:
    (tmp_path / "molecules").mkdir()
    (tmp_path / "molecules" / "BBBP.csv").write_text("BBBP,smiles\n1,CC\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"BBBP.csv must be the published file"):
        read_molecule_net("bbbp", tmp_path, Bbbp())


@pytest.mark.skipif(DATA is None, reason="ATTNFRAME_DATA_DIR is not set")
def test_esol_is_read_whole() -> None:
    graphs = read_molecule_net("esol", Path(str(DATA)), Esol())
    assert len(graphs.sizes) == 1128
    assert graphs.targets[0] == -0.77
    assert graphs.classes == ()
    assert not any(name.endswith(" ") for name in graphs.names)


@pytest.mark.skipif(DATA is None, reason="ATTNFRAME_DATA_DIR is not set")
def test_bbbp_leaves_out_what_cannot_be_read() -> None:
    graphs = read_molecule_net("bbbp", Path(str(DATA)), Bbbp(splitter="scaffold"))
    assert len(graphs.sizes) == 2039
    assert graphs.classes == ("0", "1")
    assert (graphs.parts == TEST).mean() == pytest.approx(0.1, abs=0.01)
    assert 0.1 < graphs.targets[graphs.parts == TEST].mean() < 0.9
