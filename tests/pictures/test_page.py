"""Whole pages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from xml.etree.ElementTree import Element

from attnframe.pictures import Section, heatmap, page, paragraph


def test_a_page_needs_nothing_but_itself(tree: Callable[[str], Element]) -> None:
    made = page("A <run>", [Section("One & two", [heatmap([[1]], [], [], "Map")]), Section("Empty", [])])
    root = tree(made)
    assert root.findtext("head/title") == root.findtext("body/main/h1") == "A <run>"
    assert [heading.text for heading in root.iter("h2")] == ["One & two"]
    loaded = [value for node in root.iter() for key, value in node.attrib.items() if key in ("src", "href")]
    assert loaded
    assert all(value.startswith("data:image/png") for value in loaded)
    assert "url(" not in made
    assert "<script" not in made
    assert re.search(r"<meta name=\"viewport\" content=\"width=device-width", made)


def test_the_same_numbers_give_the_same_page() -> None:
    made = [page("A", [Section("B", [heatmap([[1, 2]], ["a"], ["b", "c"], "Map"), paragraph("d")])]) for _ in range(2)]
    assert made[0] == made[1]


def test_drawing_imports_no_torch() -> None:
    code = "import sys, attnframe.pictures; sys.exit(bool({'torch', 'matplotlib', 'PIL', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
