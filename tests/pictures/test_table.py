"""Tables."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest

from attnframe.pictures import table
from attnframe.pictures.table import Cell, cell_text


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("a", "a"), (12345, "12,345"), (0.98765, "0.9877"), (0.0, "0.0000"), (1234.56, "1,234.6"), (1.5e-5, "1.5e-05"),
     (None, "–"), (True, "True")],
)  # fmt: skip
def test_cells_read_as_they_should(cell: Cell, shown: str) -> None:
    assert cell_text(cell) == shown


def test_heads_belong_to_rows_and_columns(tree: Callable[[str], Element]) -> None:
    root = tree(table(["name", "<score>"], [["<a>", 0.5], ["b", None]], "Results & more"))
    assert [head.attrib["scope"] for head in root.iter("th")] == ["col", "col", "row", "row"]
    assert [head.text for head in root.iter("th")] == ["name", "<score>", "<a>", "b"]
    assert root.findtext("table/caption") == root.attrib["aria-label"] == "Results & more"


def test_numbers_stand_to_the_right(tree: Callable[[str], Element]) -> None:
    root = tree(table(["a", "b", "c"], [["x", "0.8 ± 0.1", "3 of 4"], ["y", "–", "none"]]))
    assert [cell.get("class") for cell in root.iter("td")] == ["right", None, "right", None]


def test_a_table_without_rows_can_be_drawn(tree: Callable[[str], Element]) -> None:
    assert tree(table(["a"], [])).find("table/tbody") is not None
