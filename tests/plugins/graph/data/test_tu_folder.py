"""Graphs of a user's own in the TU format, right and wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attnframe_graph.data.tu_folder import read_tu_folder, write_example

from attnframe.errors import DataError


def told(folder: Path, **given: bool) -> str:
    with pytest.raises(DataError) as error:
        read_tu_folder(folder, **given)
    return str(error.value)


def test_all_files_are_read(tu_folder: Callable[..., Path]) -> None:
    graphs = read_tu_folder(tu_folder())
    assert graphs.sizes.tolist() == [3, 3, 2]
    assert graphs.feature_names == ("label 0", "label 5")
    assert graphs.features.argmax(1).tolist() == [0, 0, 1, 0, 0, 0, 1, 0]
    assert graphs.edges.T.tolist() == [[0, 1], [1, 2], [2, 0], [3, 4], [4, 5], [6, 7]]
    assert (graphs.kind_names, graphs.kinds.tolist()) == (("2", "4"), [0, 0, 1, 0, 0, 0])
    assert (graphs.classes, graphs.targets.tolist()) == (("-1", "1"), [1, 0, 0])


def test_nodes_of_a_graph_need_not_stand_together(tu_folder: Callable[..., Path]) -> None:
    folder = tu_folder(
        graph_indicator=["2", "1", "2"], graph_labels=["0", "1"], node_labels=["7", "8", "9"],
        A=["1, 3"], edge_labels=None,
    )  # fmt: skip
    graphs = read_tu_folder(folder)
    assert graphs.sizes.tolist() == [1, 2]
    assert [graphs.feature_names[column] for column in graphs.features.argmax(1)] == ["label 8", "label 7", "label 9"]
    assert graphs.edges.T.tolist() == [[1, 2]]


def test_attributes_values_and_plain_nodes(tu_folder: Callable[..., Path]) -> None:
    folder = tu_folder(node_labels=None, node_attributes=["1.5, 2"] * 8, graph_attributes=["0.5", "-1", "2e1"])
    graphs = read_tu_folder(folder, continuous=True)
    assert graphs.feature_names == ("attribute 1", "attribute 2")
    assert graphs.features[3].tolist() == [1.5, 2.0]
    assert (graphs.classes, graphs.targets.tolist()) == ((), [0.5, -1.0, 20.0])
    (folder / "SHAPES_node_attributes.txt").unlink()
    assert read_tu_folder(folder).feature_names == ("node",)


def test_the_example_is_read(tmp_path: Path) -> None:
    names = ["label 3", "label 4", "attribute 1"]
    graphs = read_tu_folder(write_example(tmp_path / "example", names, ["4"]), labelled=False)
    assert graphs.sizes.tolist() == [3, 3]
    assert graphs.feature_names == ("label 3", "attribute 1")
    assert np.unique(graphs.kinds).tolist() == [0]


def test_what_is_missing_is_told_at_once(tu_folder: Callable[..., Path], tmp_path: Path) -> None:
    text = told(tu_folder(graph_labels=None, graph_indicator=None))
    assert "SHAPES_graph_labels.txt must be there" in text
    assert "SHAPES_graph_indicator.txt must be there" in text
    assert "data.path must be a folder in the format of the TU collection" in told(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "must hold one NAME_A.txt. Got 0 of them" in told(tmp_path / "empty")


def test_ragged_and_wrong_lines_are_named_all_at_once(tu_folder: Callable[..., Path]) -> None:
    text = told(
        tu_folder(
            A=["1, 2", "2", "3, x", "4, 5, 6"],
            node_labels=["0"] * 7,
            graph_labels=["1", "nan", "0.5"],
            node_attributes=["1, 2", "3", *["1, inf"] * 6],
        )
    )
    assert "SHAPES_A.txt must have 2 numbers in every line. Got line 2 (2), line 4 (4, 5, 6)." in text
    assert "SHAPES_A.txt must have whole numbers in every line. Got line 3 (3, x)." in text
    assert "SHAPES_graph_labels.txt must have whole numbers in every line. Got line 2 (nan), line 3 (0.5)." in text
    assert "SHAPES_node_attributes.txt must have 2 numbers in every line. Got line 2 (3)." in text
    assert "SHAPES_node_attributes.txt must have finite numbers in every line. Got line 3 (1, inf)" in text
    assert "and 1 more" in text
    assert "SHAPES_node_labels.txt must have a line for each node, 8. Got 7 lines." in text


def test_edges_to_absent_nodes_and_between_graphs_are_refused(tu_folder: Callable[..., Path]) -> None:
    text = told(tu_folder(A=["1, 9", "0, 1", "3, 4"], edge_labels=["1"]))
    assert "SHAPES_A.txt must name nodes from 1 to 8 in every line. Got line 1 (1, 9), line 2 (0, 1)." in text
    assert "SHAPES_A.txt must join nodes of the same graph in every line. Got line 3 (3, 4)." in text
    assert "SHAPES_edge_labels.txt must have a line for each edge, 3. Got 1 lines." in text


def test_graphs_without_nodes_and_single_classes_are_refused(tu_folder: Callable[..., Path]) -> None:
    text = told(tu_folder(graph_indicator=["1"] * 3 + ["4"] * 5, graph_labels=["1"] * 4))
    assert "SHAPES_graph_indicator.txt must name every graph up to the last. Got no node of graph 2, 3." in text
    text = told(tu_folder(graph_labels=["1"] * 3))
    assert "SHAPES_graph_labels.txt must have at least two classes. Got 1." in text
    text = told(tu_folder(graph_indicator=["0"] * 8))
    assert "SHAPES_graph_indicator.txt must count graphs from 1 in every line" in text
    assert "must have a line for each node. Got none." in told(tu_folder(graph_indicator=[]))
