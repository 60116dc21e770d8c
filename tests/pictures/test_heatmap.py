"""Heat maps."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from numpy.typing import NDArray

from attnframe.pictures import heatmap
from attnframe.pictures.colours import colour_of

Tree = Callable[[str], Element]
Pixels = Callable[[str], NDArray[np.uint8]]


def test_each_cell_has_the_colour_of_its_number(tree: Tree, pixels: Pixels) -> None:
    cells = next(tree(heatmap([[0, 1], [2, 4]], [], [], "Title")).iter("image"))
    assert np.array_equal(pixels(cells.attrib["href"]), colour_of([[0, 0.25], [0.5, 1]]))


def test_limits_make_pictures_comparable(tree: Tree, pixels: Pixels) -> None:
    cells = next(tree(heatmap([[0.5]], [], [], "Title", limits=(0, 1))).iter("image"))
    assert np.array_equal(pixels(cells.attrib["href"]), colour_of([[0.5]]))


def test_cells_say_their_numbers_where_they_fit(tree: Tree) -> None:
    few = [node.text for node in tree(heatmap([[1, 2], [3, np.nan]], [], [], "Title")).iter("text")]
    assert few[:3] == ["1", "2", "3"]
    many = [node.text for node in tree(heatmap(np.ones((30, 30)), [], [], "Title")).iter("text")]
    assert many == ["0", "1"]  # of the scale
    named = tree(heatmap([[1]], [], [], "Title", shown=[["<a>"]]))
    assert next(named.iter("text")).text == "<a>"


def test_labels_stand_beside_their_rows_and_columns(tree: Tree) -> None:
    drawn = tree(heatmap(np.eye(2), ["<r>", "s"], ["c", "d"], "Title", row_label="query", column_label="key"))
    texts = [node.text for node in drawn.iter("text")]
    assert {"<r>", "s", "c", "d", "query", "key"} <= set(texts)


@pytest.mark.parametrize("shape", [(1, 1), (2000, 3), (3, 2000), (1500, 1500), (1, 40), (40, 1)])
def test_size_and_height_are_bounded(shape: tuple[int, int], tree: Tree) -> None:
    matrix = np.random.default_rng(0).random(shape)
    labels = [str(number) for number in range(max(shape))]
    markup = heatmap(matrix, labels[: shape[0]], labels[: shape[1]], "Title")
    assert len(markup) < 300_000
    width, height = (float(number) for number in tree(markup)[1].attrib["viewBox"].split()[2:])
    assert height < 600
    for cells in tree(markup).iter("image"):
        assert float(cells.attrib["x"]) + float(cells.attrib["width"]) <= width


def test_numbers_below_zero_are_on_the_scale(tree: Tree) -> None:
    assert [node.text for node in tree(heatmap([[-2, 1]], [], [], "Title")).iter("text")][-2:] == ["-2", "2"]


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_a_matrix_of_nothing_can_be_drawn(value: float, tree: Tree) -> None:
    assert tree(heatmap(np.full((2, 2), value), [], [], "Title")) is not None
