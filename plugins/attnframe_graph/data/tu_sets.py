"""Sets of the TU collection as Xu et al. (2019, https://arxiv.org/abs/1810.00826) wrote them, with their folds."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.published import PublishedFile
from attnframe.plugin.splitting import TEST, TRAIN
from attnframe_graph.data.graph import NO_PART
from attnframe_graph.data.graph_set import GraphSet, one_hot
from attnframe_graph.data.tu_checksums import ADDRESS, ARCHIVE, CHECKSUMS

ARCHIVED: Final = PublishedFile("mutag", f"{ADDRESS}.tar.xz", ARCHIVE, "tu_graphs/tu_graphs.tar.xz")
"""All files in one archive, which is read where it is there."""


def fetch(name: str, data_dir: Path) -> dict[str, str]:
    """The texts of the verified files of a set by name, fetched where they are not there.

    Args:
        name: ``mutag`` or ``proteins``. data_dir: root of the datasets.

    Raises:
        DataError: naming each file that differs or cannot be fetched.
    """
    if (data_dir / ARCHIVED.place).exists():
        return _unpacked(name, ARCHIVED.ready(data_dir))
    faults: list[Fault] = []
    found: dict[str, str] = {}
    for file, checksum in CHECKSUMS[name].items():
        place = f"{name.upper()}/{file}"
        try:
            published = PublishedFile(name, f"{ADDRESS}/{place}", checksum, f"tu_graphs/{place}")
            found[file] = published.ready(data_dir).read_text(encoding="ascii")
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    return found


def read_tu_set(name: str, data_dir: Path, fold: int | None) -> GraphSet:
    """A set of graphs whose nodes have labels; a fold makes some of them the test part, and all others train.

    Raises:
        DataError: when a file is missing, differs or is no such file.
    """
    files = fetch(name, data_dir)
    graphs = read_gin_text(files[f"{name.upper()}.txt"], name)
    if fold is None:
        return graphs
    graphs.parts[:] = TRAIN
    graphs.parts[np.array(files[f"10fold_idx/test_idx-{fold + 1}.txt"].split(), np.int64)] = TEST
    return graphs


def read_gin_text(text: str, name: str) -> GraphSet:
    """Graphs of one text: their number; then for each a line with its nodes and its class, and a line for each node
    with its label, the number of its neighbours, and these.

    Raises:
        DataError: when it is no such text.
    """
    lines = iter(text.splitlines())
    sizes, labels, targets, links, start = [], [], [], [], 0
    try:
        for _ in range(int(next(lines))):
            size, target = (int(word) for word in next(lines).split()[:2])
            for node in range(size):
                label, count, *others = (int(word) for word in next(lines).split())
                labels.append(label)
                links += [(start + other, start + node) for other in others[:count]]
            sizes.append(size)
            targets.append(target)
            start += size
    except (StopIteration, ValueError) as error:
        must = "must be graphs in one text: their number, then nodes and class of each, then a line a node"
        raise DataError(Fault(name, must, str(error) or "a text that ends early")) from error
    features, feature_names = one_hot(np.array(labels, np.int64), "label")
    classes, numbers = np.unique(np.array(targets, np.int64), return_inverse=True)
    return GraphSet(
        names=tuple(f"graph {number}" for number in range(len(sizes))),
        sizes=np.array(sizes, np.int64),
        features=features,
        feature_names=feature_names,
        edges=np.array(links, np.int64).reshape(-1, 2).T,
        kinds=np.zeros(len(links), np.int64),
        kind_names=(),
        targets=numbers.astype(np.int64),
        parts=np.full(len(sizes), NO_PART, np.uint8),
        classes=tuple(str(label) for label in classes),
    )


def _unpacked(name: str, path: Path) -> dict[str, str]:
    wanted = {f"dataset/{name.upper()}/{file}": file for file in CHECKSUMS[name]}
    found: dict[str, str] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name in wanted and (content := archive.extractfile(member)) is not None:
                found[wanted[member.name]] = content.read().decode("ascii")
    return found
