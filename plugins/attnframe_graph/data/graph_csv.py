"""A user's own graph: two tables in a folder."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.errors import DataError, Fault
from attnframe_graph.data.graph import NO_PART, PARTS, UNLABELLED, Graph
from attnframe_graph.data.table import bad_rows, read_table

OWN = ("id", "label", "split")
"""Columns of nodes.csv that are no features."""


def read_graph_csv(folder: Path, *, labelled: bool = True, where: str = "data.path") -> Graph:
    """A graph of ``nodes.csv`` (id, label, split, then features) and ``edges.csv`` (source, target).

    Args:
        folder: holds both.
        labelled: whether labels and parts are read.
        where: key named when the folder is wrong.

    Raises:
        DataError: with everything that is wrong with both tables.
    """
    if not folder.is_dir():
        works = "Write a folder with nodes.csv (id, label, split, features) and edges.csv (source, target)."
        raise DataError(Fault(where, "must be a folder with nodes.csv and edges.csv", str(folder), works))
    faults: list[Fault] = []
    nodes = read_table(folder / "nodes.csv", ("id", "label") if labelled else ("id",), faults)
    links = read_table(folder / "edges.csv", ("source", "target"), faults, empty=True)
    if nodes is None or links is None:
        raise DataError(faults)
    file = folder / "nodes.csv"
    names = [str(name) for name in nodes["id"]]
    faults += bad_rows(file, nodes["id"].isna() | (nodes["id"] == ""), "must have an id")
    faults += bad_rows(file, nodes["id"].duplicated(), "must have an id of its own", names)
    features, feature_names = _features(file, nodes, faults)
    labels = np.full(len(nodes), UNLABELLED, np.int64)
    classes: tuple[str, ...] = ()
    parts = np.full(len(nodes), NO_PART, np.uint8)
    if labelled:
        labels, classes = _labels(file, nodes, faults)
        parts = _parts(file, nodes, labels, faults)
    edges = _edges(folder / "edges.csv", links, names, faults)
    if faults:
        raise DataError(faults)
    return Graph(tuple(names), features, feature_names, edges, labels, parts, classes)


def write_example(folder: Path, feature_names: Sequence[str], nodes: int = 5) -> Path:
    """Write a ring of nodes in the form that `read_graph_csv` reads; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "nodes.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *feature_names])
        writer.writerows([f"node {node}", *[node / nodes] * len(feature_names)] for node in range(nodes))
    with open(folder / "edges.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["source", "target"])
        writer.writerows([f"node {node}", f"node {(node + 1) % nodes}"] for node in range(nodes))
    return folder


def _features(file: Path, nodes: pd.DataFrame, faults: list[Fault]) -> tuple[npt.NDArray[np.float32], tuple[str, ...]]:
    names = [name for name in nodes.columns if name not in OWN]
    if not names:
        works = "Add one column of numbers a feature, such as the node's degree."
        faults.append(Fault(str(file), "must have features beside id, label and split", "none", works))
    columns = []
    for name in names:
        numbers = pd.to_numeric(nodes[name], errors="coerce").to_numpy(np.float64)
        bad = pd.Series(~np.isfinite(numbers))
        faults.extend(bad_rows(file, bad, f"must have a finite number for feature {name}", list(nodes[name])))
        columns.append(numbers.astype(np.float32))
    return np.stack(columns, 1) if columns else np.zeros((len(nodes), 0), np.float32), tuple(names)


def _labels(file: Path, nodes: pd.DataFrame, faults: list[Fault]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    classes = tuple(sorted({label for label in nodes["label"] if label}))
    if len(classes) < 2:
        got = f"only {classes[0]}" if classes else "no label"
        faults.append(Fault(str(file), "must have labels of at least two classes", got))
    numbers = {name: number for number, name in enumerate(classes)}
    return np.array([numbers.get(label, UNLABELLED) for label in nodes["label"]], np.int64), classes


def _parts(
    file: Path, nodes: pd.DataFrame, labels: npt.NDArray[np.int64], faults: list[Fault]
) -> npt.NDArray[np.uint8]:
    parts = np.full(len(nodes), NO_PART, np.uint8)
    if "split" not in nodes.columns:
        return parts
    split = nodes["split"]
    faults += bad_rows(file, ~split.isin([*PARTS, ""]), "must have a split of train, val, test or none", list(split))
    faults += bad_rows(file, split.isin(PARTS) & (labels == UNLABELLED), "must have a label where it has a split")
    for part, name in enumerate(PARTS):
        parts[(split == name).to_numpy()] = part
    return parts


def _edges(file: Path, links: pd.DataFrame, names: Sequence[str], faults: list[Fault]) -> npt.NDArray[np.int64]:
    place = {name: number for number, name in enumerate(names)}
    ends = []
    for column in ("source", "target"):
        known = links[column].map(place)
        faults += bad_rows(file, known.isna(), f"must have a {column} that is an id of nodes.csv", list(links[column]))
        ends.append(known.fillna(0).to_numpy(np.int64))
    return np.stack(ends)
