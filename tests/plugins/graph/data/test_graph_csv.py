"""A user's own graph, right and wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attnframe_graph.data.graph import NO_PART, UNLABELLED
from attnframe_graph.data.graph_csv import read_graph_csv, write_example

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def told(folder: Path) -> str:
    with pytest.raises(DataError) as error:
        read_graph_csv(folder)
    return str(error.value)


def test_both_tables_are_read(graph_folder: Callable[..., Path]) -> None:
    graph = read_graph_csv(graph_folder())
    assert graph.names == tuple("abcdefg")
    assert graph.classes == ("cat", "dog")
    assert graph.feature_names == ("height", "weight")
    assert graph.labels.tolist() == [0, 1, 0, 1, 0, 1, UNLABELLED]
    assert graph.parts.tolist() == [TRAIN, TRAIN, VAL, VAL, TEST, TEST, NO_PART]
    assert graph.features[1].tolist() == [2.0, 0.5]
    assert graph.edges.T.tolist() == [[0, 2], [2, 4], [1, 3], [3, 5], [5, 1], [0, 6]]


def test_the_example_is_read(tmp_path: Path) -> None:
    graph = read_graph_csv(write_example(tmp_path / "ring", ["x", "y"]), labelled=False)
    assert len(graph.names) == 5
    assert graph.feature_names == ("x", "y")
    assert np.bincount(graph.edges[1]).tolist() == [1] * 5


def test_what_is_missing_is_told_at_once(graph_folder: Callable[..., Path], tmp_path: Path) -> None:
    assert "nodes.csv must be there" in told(graph_folder(None, None))
    assert "edges.csv must be there" in told(tmp_path / "graph")
    assert "data.path must be a folder with nodes.csv and edges.csv" in told(tmp_path / "nowhere")


def test_columns_are_asked_for_by_name(graph_folder: Callable[..., Path]) -> None:
    text = told(graph_folder(["id,colour", "a,red"], ["from,to", "a,a"]))
    assert "nodes.csv must have the column label. Got id, colour." in text
    assert "edges.csv must have the column source and target. Got from, to." in text


def test_bad_rows_are_named_all_at_once(graph_folder: Callable[..., Path]) -> None:
    nodes = ["id,label,split,height", "a,cat,train,1", "a,dog,later,nan", ",cat,,2", "d,,test,high"]
    text = told(graph_folder(nodes, ["source,target", "a,d", "x,a", "a,y"]))
    assert "must have an id in every row. Got row 4." in text
    assert "must have an id of its own in every row. Got row 3 (a)." in text
    assert "must have a finite number for feature height in every row. Got row 3 (nan), row 5 (high)." in text
    assert "must have a split of train, val, test or none in every row. Got row 3 (later)." in text
    assert "must have a label where it has a split in every row. Got row 5." in text
    assert "must have a source that is an id of nodes.csv in every row. Got row 3 (x)." in text
    assert "must have a target that is an id of nodes.csv in every row. Got row 4 (y)." in text


def test_one_class_or_no_feature_is_refused(graph_folder: Callable[..., Path]) -> None:
    text = told(graph_folder(["id,label", "a,cat", "b,cat"], ["source,target", "a,b"]))
    assert "must have labels of at least two classes. Got only cat." in text
    assert "must have features beside id, label and split. Got none. Add one column of numbers a feature" in text
