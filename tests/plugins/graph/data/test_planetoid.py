"""The citation graphs: their published form, and pickles that hold something else."""

from __future__ import annotations

import os
import pickle
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from attnframe_graph.data.graph import UNLABELLED
from attnframe_graph.data.planetoid import load_plain, read_planetoid

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL

DATA = os.environ.get("ATTNFRAME_DATA_DIR")


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("true",)


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ind.cora.graph"
    path.write_bytes(pickle.dumps(Evil(), protocol=2))
    with pytest.raises(DataError, match=r"must be a pickle of arrays, dicts, lists and sparse matrices\. Got it holds"):
        load_plain(path)


def test_dicts_and_lists_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    links = defaultdict(list, {0: [1, 2], 3: []})
    path.write_bytes(pickle.dumps(links, protocol=2))
    assert load_plain(path) == {0: [1, 2], 3: []}


def test_files_that_differ_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "planetoid").mkdir()
    for part in ("x", "y", "tx", "ty", "allx", "ally", "graph", "test.index"):
        (tmp_path / "planetoid" / f"ind.cora.{part}").write_text("other", encoding="ascii")
    with pytest.raises(DataError) as error:
        read_planetoid("cora", tmp_path)
    assert len(error.value.faults) == 8
    assert "ind.cora.allx must be the published file (sha256 " in str(error.value)


@pytest.mark.skipif(DATA is None, reason="ATTNFRAME_DATA_DIR is not set")
@pytest.mark.parametrize(
    ("name", "nodes", "features", "classes", "links", "unlabelled"),
    [("cora", 2708, 1433, 7, 5278, 0), ("citeseer", 3327, 3703, 6, 4552, 15)],
)
def test_the_public_split(name: str, nodes: int, features: int, classes: int, links: int, unlabelled: int) -> None:
    graph = read_planetoid(name, Path(str(DATA)))
    assert graph.features.shape == (nodes, features)
    assert len(graph.classes) == classes
    assert [(graph.parts == part).sum() for part in (TRAIN, VAL, TEST)] == [20 * classes, 500, 1000]
    assert (graph.labels == UNLABELLED).sum() == unlabelled
    assert np.bincount(graph.labels[graph.parts == TRAIN]).tolist() == [20] * classes
    sums = graph.features.sum(1)
    assert np.allclose(sums[sums > 0], 1, atol=1e-5)
    low, high = graph.edges.min(0), graph.edges.max(0)
    assert len(np.unique((low * nodes + high)[low != high])) == links
