"""The page about a sweep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from attnframe.report.sweep_page import sweep_page
from attnframe.runs.folder import RunFolder

Run = Callable[..., RunFolder]
Tree = Callable[[str], ElementTree.Element]


@pytest.fixture
def sweep(run: Run, tree: Tree, tmp_path: Path) -> ElementTree.Element:
    for number, (attention, seed, accuracy) in enumerate([("mha", 0, 0.8), ("mha", 1, 0.9), ("none", 0, 0.5)]):
        metrics = {"test/loss": 1.0, "test/accuracy": accuracy}
        overrides = (f"attention={attention}", f"seed={seed}")
        run(tmp_path / str(number), overrides, attention=attention, seed=seed, metrics=metrics)
    run(
        tmp_path / "3", ("attention=none", "seed=1"), attention="none", status="failed", error="<no memory>", metrics={}
    )
    return tree(sweep_page(tmp_path))


def test_the_table_has_means_and_deviations_of_each_configuration(sweep: ElementTree.Element, tmp_path: Path) -> None:
    table, wrong = ([[cell.text for cell in row] for row in table.iter("tr")] for table in sweep.iter("table"))
    assert table == [
        ["attention", "runs", "test/loss", "test/accuracy", "seconds"],
        ["mha", "2", "1.0000 ± 0.0000", "0.8500 ± 0.0707", "4.5"],
        ["none", "1 of 2", "1.0000", "0.5000", "4.5"],
    ]
    assert wrong == [["configuration", "error"], ["none", "<no memory>"]]
    assert next(sweep.iter("p")).text == (
        "plugin=vision, task=image_classification, data=digits. 2 configurations, 3 of 4 runs ended well. "
        f"Sweep {tmp_path.name}."
    )


def test_bars_show_the_main_metric_beside_the_floor(sweep: ElementTree.Element) -> None:
    captions = [caption.text for caption in sweep.iter("figcaption")]
    assert captions[:3] == ["test/accuracy", "Validation loss", "Validation accuracy"]
    texts = [text.text for text in next(iter(sweep.iter("svg"))).iter("text")]
    assert texts == ["mha", "none", "floor 0.9722", "0.85", "0.5"]


def test_curves_are_those_of_the_configurations(sweep: ElementTree.Element) -> None:
    curves = list(sweep.iter("svg"))[2]
    assert len(list(curves.iter("polygon"))) == 2  # bands from the lowest to the highest run
    assert [text.text for text in curves.iter("text")][-2:] == ["mha", "none"]


def test_an_empty_sweep_has_a_page(tmp_path: Path) -> None:
    assert "0 configurations" in sweep_page(tmp_path)
