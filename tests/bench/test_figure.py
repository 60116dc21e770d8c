"""The figure is a picture with a line for every variant that was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imread

from attnframe.bench.cases import case_of
from attnframe.bench.chosen import Chosen
from attnframe.bench.figure import draw
from attnframe.bench.record import unmeasured_row
from attnframe.bench.settings import BenchSettings

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


@pytest.mark.parametrize("names", [["mha"], [f"variant_{number}" for number in range(30)]])
def test_few_or_many_lines_are_drawn(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "scaling.png"
    draw([row(name, amount) for name in names for amount in (16, 32)], CASE, path)
    picture = imread(path)
    assert picture.shape[0] > 500
    assert picture.std() > 0.02


def test_nothing_measured_is_a_picture_without_lines(tmp_path: Path) -> None:
    draw([unmeasured_row("mha", "16", CASE, "failed", "reason")], CASE, tmp_path / "scaling.png")
    assert (tmp_path / "scaling.png").stat().st_size > 1000
