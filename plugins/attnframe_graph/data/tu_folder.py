"""A user's own graphs in the format of the TU collection."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe_graph.data.graph import NO_PART
from attnframe_graph.data.graph_set import GraphSet, one_hot
from attnframe_graph.data.tu_table import Table

EMPTY = np.zeros(0, np.int64)


def read_tu_folder(
    folder: Path, *, continuous: bool = False, labelled: bool = True, where: str = "data.path"
) -> GraphSet:
    """Graphs of ``NAME_A.txt`` (an edge a line: two nodes, counted from 1), ``NAME_graph_indicator.txt`` (the graph of
    each node) and ``NAME_graph_labels.txt`` (the class of each graph), or ``NAME_graph_attributes.txt`` (its value).

    ``NAME_node_labels.txt``, ``NAME_node_attributes.txt`` and ``NAME_edge_labels.txt`` are read where they are there;
    nodes without either have one feature that is the same for all.

    Args:
        folder: holds the files of one NAME.
        continuous: whether graphs have values rather than classes.
        labelled: whether classes or values are read.
        where: key named when the folder is wrong.

    Raises:
        DataError: with everything that is wrong with all of the files.
    """
    prefix = _prefix(folder, where)
    faults: list[Fault] = []
    graph = Table.read(prefix, "graph_indicator", faults, columns=1, integers=True)
    links = Table.read(prefix, "A", faults, columns=2, integers=True)
    kind = "graph_attributes" if continuous else "graph_labels"
    goal = Table.read(prefix, kind, faults, columns=1, integers=not continuous) if labelled else None
    node_labels = Table.read(prefix, "node_labels", faults, integers=True, optional=True)
    attributes = Table.read(prefix, "node_attributes", faults, optional=True)
    edge_labels = Table.read(prefix, "edge_labels", faults, integers=True, optional=True)
    sizes, order = _sizes(graph, faults)
    nodes, graphs = len(order), len(sizes)
    for table in (node_labels, attributes):
        if table is not None and graph is not None:
            table.expect(nodes, "a line for each node", faults)
    if edge_labels is not None and links is not None:
        edge_labels.expect(len(links.rows), "a line for each edge", faults)
    if goal is not None and graph is not None:
        goal.expect(graphs, "a line for each graph", faults)
    edges = _edges(links, graph, order, faults)
    classes: tuple[str, ...] = ()
    targets: npt.NDArray[np.int64] | npt.NDArray[np.float64] = np.zeros(graphs)
    if goal is not None and continuous:
        targets = goal.rows[:, 0]
    elif goal is not None:
        found, targets = np.unique(goal.rows[:, 0].astype(np.int64), return_inverse=True)
        classes = tuple(str(label) for label in found)
        if len(classes) < 2 and not faults:
            faults.append(Fault(str(goal.file), "must have at least two classes", ", ".join(classes) or "none"))
    if faults:
        raise DataError(faults)
    features, feature_names = _features(nodes, node_labels, attributes)
    kinds = np.zeros(edges.shape[1], np.int64)
    kind_names: tuple[str, ...] = ()
    if edge_labels is not None:
        values, kinds = np.unique(edge_labels.rows[:, 0].astype(np.int64), return_inverse=True)
        kind_names = tuple(str(value) for value in values)
    return GraphSet(
        names=tuple(f"graph {number + 1}" for number in range(graphs)),
        sizes=sizes,
        features=features[np.argsort(order)] if len(order) else features,
        feature_names=feature_names,
        edges=edges,
        kinds=kinds.astype(np.int64),
        kind_names=kind_names,
        targets=targets,
        parts=np.full(graphs, NO_PART, np.uint8),
        classes=classes,
    )


def write_example(folder: Path, feature_names: list[str], kinds: list[str]) -> Path:
    """Write a triangle and a path of three nodes in the form that `read_tu_folder` reads; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = [name.removeprefix("label ") for name in feature_names if name.startswith("label ")]
    attributes = [name for name in feature_names if name.startswith("attribute ")]
    pairs = [(1, 2), (2, 3), (3, 1), (4, 5), (5, 6)]
    files = {"A": [f"{source}, {target}" for source, target in pairs], "graph_indicator": ["1"] * 3 + ["2"] * 3}
    if labels:
        files["node_labels"] = [labels[0]] * 6
    if attributes:
        files["node_attributes"] = [", ".join(["0.5"] * len(attributes))] * 6
    if kinds:
        files["edge_labels"] = [kinds[0]] * len(pairs)
    for name, lines in files.items():
        (folder / f"{folder.name}_{name}.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    return folder


def _prefix(folder: Path, where: str) -> str:
    """Folder and NAME of the files."""
    works = "Write NAME_A.txt (an edge a line), NAME_graph_indicator.txt (a node's graph) and NAME_graph_labels.txt."
    if not folder.is_dir():
        raise DataError(Fault(where, "must be a folder in the format of the TU collection", str(folder), works))
    found = sorted(path.name.removesuffix("_A.txt") for path in folder.glob("*_A.txt"))
    if len(found) != 1:
        got = f"{len(found)} of them" + (f": {', '.join(found[:5])}" if found else "")
        raise DataError(Fault(f"{where} ({folder})", "must hold one NAME_A.txt", got, works))
    return str(folder / found[0])


def _sizes(graph: Table | None, faults: list[Fault]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Nodes of each graph, and the place (N,) of each node when nodes are ordered by graph."""
    if graph is None:
        return EMPTY, EMPTY
    number = graph.rows[:, 0].astype(np.int64)
    graph.refuse(number < 1, "must count graphs from 1", faults)
    if not len(number):
        faults.append(Fault(str(graph.file), "must have a line for each node", "none"))
    if (number < 1).any() or not len(number):
        return EMPTY, EMPTY
    sizes = np.bincount(number - 1)
    missing = np.flatnonzero(sizes == 0) + 1
    if len(missing):
        got = f"no node of graph {', '.join(map(str, missing[:5]))}"
        faults.append(Fault(str(graph.file), "must name every graph up to the last", got))
    order = np.empty(len(number), np.int64)
    order[np.argsort(number, kind="stable")] = np.arange(len(number))
    return sizes.astype(np.int64), order


def _edges(
    links: Table | None, graph: Table | None, order: npt.NDArray[np.int64], faults: list[Fault]
) -> npt.NDArray[np.int64]:
    if links is None or graph is None or not len(order):
        return np.zeros((2, 0), np.int64)
    ends = links.rows.astype(np.int64) - 1
    outside: npt.NDArray[np.bool_] = np.asarray(((ends < 0) | (ends >= len(order))).any(1))
    links.refuse(outside, f"must name nodes from 1 to {len(order)}", faults)
    ends = np.where(outside[:, None], 0, ends)
    number = graph.rows[:, 0][ends]
    links.refuse(number[:, 0] != number[:, 1], "must join nodes of the same graph", faults)
    numbered: npt.NDArray[np.int64] = order[ends].T
    return numbered


def _features(
    nodes: int, labels: Table | None, attributes: Table | None
) -> tuple[npt.NDArray[np.float32], tuple[str, ...]]:
    columns: list[npt.NDArray[np.float32]] = []
    names: tuple[str, ...] = ()
    if labels is not None:
        for column in range(labels.rows.shape[1]):
            kind = "label" if column == 0 else f"label {column + 1}:"
            found, added = one_hot(labels.rows[:, column].astype(np.int64), kind)
            columns.append(found)
            names += added
    if attributes is not None:
        columns.append(attributes.rows.astype(np.float32))
        names += tuple(f"attribute {number + 1}" for number in range(attributes.rows.shape[1]))
    if not columns:
        return np.ones((nodes, 1), np.float32), ("node",)
    return np.concatenate(columns, 1), names
