"""The page has a line for every variant that was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from attnframe.bench.cases import case_of
from attnframe.bench.chosen import Chosen
from attnframe.bench.figure import draw
from attnframe.bench.record import unmeasured_row
from attnframe.bench.settings import BenchSettings

Tree = Callable[[str], ElementTree.Element]
CASE = case_of(Chosen(BenchSettings(lengths=(16, 32)), ("mha",), (), 32))


def row(name: str, amount: int) -> dict[str, Any]:
    ours = {"name": "attnframe", "milliseconds": 0.1 * amount, "peak_memory_bytes": 2**20 * amount}
    peer = {"name": "peer", "milliseconds": 0.2 * amount, "peak_memory_bytes": None}
    return {
        "attention": name,
        "amount": amount,
        "status": "ok",
        "fastest_peer": "peer",
        "reference": "peer",
        "contenders": [ours, peer],
    }


def drawn(page: str, tree: Tree) -> tuple[int, str]:
    """How many lines were drawn, grid and legend left out, and all texts."""
    return page.count("<polyline"), " ".join(tree(page).itertext())


@pytest.mark.parametrize("names", [["mha"], [f"variant_{number}" for number in range(30)]])
def test_few_or_many_lines_are_drawn(tree: Tree, tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "scaling.html"
    draw([row(name, amount) for name in names for amount in (16, 32)], CASE, path)
    number, texts = drawn(path.read_text(encoding="utf-8"), tree)
    own = len(names)
    peers = 1 if own == 1 else 0
    assert number == 2 * own + peers + 1  # of the peer and of the reference only time is known
    assert all(name in texts for name in names)
    assert ("mha: peer" in texts) == (own == 1)


def test_nothing_measured_is_a_page_without_lines(tree: Tree, tmp_path: Path) -> None:
    draw([unmeasured_row("mha", "16", CASE, "failed", "reason")], CASE, tmp_path / "scaling.html")
    assert drawn((tmp_path / "scaling.html").read_text(encoding="utf-8"), tree)[0] == 0
