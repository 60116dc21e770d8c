"""The files of the citation graphs of Yang et al. (2016)."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_graph.data.graph import NO_PART, Graph

ADDRESS: Final = "https://raw.githubusercontent.com/kimiyoung/planetoid/af6abf468a772cc055bec88c52e4d6f51b7c37e3/data"
CHECKSUMS: Final = {
    "ind.citeseer.allx": "2ac30345d95c9ec933a817ee0bdd6a5f077f8c184a20e696910192d534414668",
    "ind.citeseer.ally": "f704b2d986dde6c2669934de1f3ae5696a6cf9455c0f6b2646a2d135ea0a1c95",
    "ind.citeseer.graph": "d79a4ef9d3e7169aee8946145f6b7306e35bc79bffad26346cfb94e10e9912a7",
    "ind.citeseer.test.index": "2af990671580b6b2df5d158d1038f8292e30c9cd821b5453f399659b25b723d4",
    "ind.citeseer.tx": "539a8906a2da97628d212f2fdd668c109a8b3f0d36574b59e5d3fd5b5303da21",
    "ind.citeseer.ty": "55e5bd1ba1e733a04598753ad1a8d57957f4b8f89e74519f41f4f4938767e4ce",
    "ind.citeseer.x": "d20de19150741e555de0ed037195630fc194114ebc7fd72ced62810148aa22f6",
    "ind.citeseer.y": "8ba87e515d8e3ee3cf52f6d2c5b86aa73f11ecad825a808455209ec26cd54924",
    "ind.cora.allx": "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
    "ind.cora.ally": "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
    "ind.cora.graph": "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
    "ind.cora.test.index": "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
    "ind.cora.tx": "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
    "ind.cora.ty": "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
    "ind.cora.x": "23cfa55d91c6f624233f5eb7b6e3f141f1bd2b2ae39608a63cf5d084bb27baab",
    "ind.cora.y": "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
}
"""sha256 of each file."""
VALIDATION: Final = 500
"""Nodes after the training nodes that are the public split's validation part."""
_PARTS: Final = ("x", "y", "tx", "ty", "allx", "ally", "graph", "test.index")


def fetch(name: str, data_dir: Path) -> dict[str, Path]:
    """The verified files of a data set by part, fetched where they are not there.

    Raises:
        DataError: naming each file that differs or cannot be fetched.
    """
    faults: list[Fault] = []
    found: dict[str, Path] = {}
    for part in _PARTS:
        file = f"ind.{name}.{part}"
        published = PublishedFile(name, f"{ADDRESS}/{file}", CHECKSUMS[file], f"planetoid/{file}")
        try:
            found[part] = published.ready(data_dir)
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    return found


def read_planetoid(name: str, data_dir: Path) -> Graph:
    """A citation graph with its public split; each row of word features sums to one.

    Test nodes that no file describes (15 of CiteSeer's) have no words and no label.

    Args:
        name: ``cora`` or ``citeseer``. data_dir: root of the datasets.

    Raises:
        DataError: when a file is missing, differs or is no such file.
    """
    files = fetch(name, data_dir)
    x, tx, allx = (_dense(load_plain(files[part])) for part in ("x", "tx", "allx"))
    ty, ally, links = (load_plain(files[part]) for part in ("ty", "ally", "graph"))
    tested = np.array(files["test.index"].read_text(encoding="ascii").split(), dtype=np.int64)
    nodes, known = int(max(tested.max() + 1, len(links))), len(allx)
    features, answers = np.zeros((nodes, allx.shape[1]), np.float32), np.zeros((nodes, ally.shape[1]), np.int64)
    features[:known], features[tested] = allx, tx
    answers[:known], answers[tested] = ally, ty
    features /= np.maximum(features.sum(1, keepdims=True), 1)
    labels = np.where(answers.any(1), answers.argmax(1), -1)
    parts = np.full(nodes, NO_PART, np.uint8)
    parts[: len(x)], parts[len(x) : len(x) + VALIDATION] = TRAIN, VAL
    parts[tested] = TEST
    edges = [(node, other) for node, others in links.items() for other in others]
    return Graph(
        names=tuple(f"paper {node}" for node in range(nodes)),
        features=features,
        feature_names=tuple(f"word {number}" for number in range(features.shape[1])),
        edges=np.array(edges, dtype=np.int64).T,
        labels=labels,
        parts=parts,
        classes=tuple(f"field {number}" for number in range(ally.shape[1])),
    )


class Matrix:
    """What a pickle of a sparse matrix holds, as plain attributes."""

    data: npt.NDArray[np.float32]
    indices: npt.NDArray[np.int32]
    indptr: npt.NDArray[np.int32]
    _shape: tuple[int, int]


class _Plain(pickle.Unpickler):
    """Reads arrays, dicts, lists and sparse matrices; nothing else can be made, so no file can run code."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("scipy.sparse") and name == "csr_matrix":
            return Matrix
        if module.startswith("numpy") and name in ("_reconstruct", "ndarray", "dtype"):
            return super().find_class("numpy.core.multiarray" if name == "_reconstruct" else "numpy", name)
        if (module, name) == ("collections", "defaultdict"):
            return _dict
        if name in ("list", "object") and module in ("__builtin__", "builtins"):
            return {"list": list, "object": object}[name]
        if (module, name) == ("copy_reg", "_reconstructor"):
            return super().find_class("copyreg", name)
        raise pickle.UnpicklingError(f"it holds {module}.{name}")


def _dict(*_: object) -> dict[Any, Any]:
    return {}


def load_plain(path: Path) -> Any:
    """The content of a pickle of arrays, dicts, lists and sparse matrices.

    Raises:
        DataError: when it holds anything else.
    """
    try:
        return _Plain(io.BytesIO(path.read_bytes()), encoding="latin1").load()
    except (pickle.UnpicklingError, EOFError, AttributeError, IndexError, TypeError, ValueError) as error:
        must = "must be a pickle of arrays, dicts, lists and sparse matrices"
        raise DataError(Fault(str(path), must, str(error))) from error


def _dense(matrix: Matrix) -> npt.NDArray[np.float32]:
    dense = np.zeros(matrix._shape, np.float32)
    rows = np.repeat(np.arange(len(matrix.indptr) - 1), np.diff(matrix.indptr))
    dense[rows, matrix.indices] = matrix.data
    return dense
