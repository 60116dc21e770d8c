"""The page about one run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from attnframe.report.run_page import ROOM, run_page
from attnframe.runs.folder import RunFolder

Run = Callable[..., RunFolder]
Tree = Callable[[str], ElementTree.Element]


def cells(table: ElementTree.Element) -> list[list[str | None]]:
    return [[cell.text for cell in row] for row in table.iter("tr")]


def test_metrics_stand_beside_floor_and_control(run: Run, tree: Tree, tmp_path: Path) -> None:
    table = next(tree(run_page(run(tmp_path / "a"))).iter("table"))
    assert cells(table) == [
        [" ", "result", "floor: nearest neighbours", "control: attention=none"],
        ["test/loss", "1.2500", "–", "1.5000"],
        ["test/accuracy", "0.8125", "0.9722", "0.7278"],
    ]


def test_the_sections_are_in_order_and_say_what_is_asked(run: Run, tree: Tree, tmp_path: Path) -> None:
    root = tree(run_page(run(tmp_path / "a")))
    assert [heading.text for heading in root.iter("h2")] == [
        "Results",
        "Learning curves",
        "Test examples",
        "Attention in one test example",
        "Configuration and environment",
    ]
    captions = [caption.text for caption in root.iter("figcaption")]
    assert captions[:4] == ["Loss", "Validation accuracy", "Learning rate", "Norm of the gradients, before clipping"]
    assert {"Map", "Forecast", "Picture"} <= set(captions)
    told = " ".join(root.itertext())
    for words in ("split: stratified", "No attention weights to show: a reason.", "note: <&>", '"data_hash": "abc"'):
        assert words in told
    assert [folded.findtext("summary") for folded in root.iter("details")] == [
        "Overrides",
        "Configuration",
        "Environment",
    ]


def test_nothing_is_loaded_from_elsewhere(run: Run, tree: Tree, tmp_path: Path) -> None:
    page = run_page(run(tmp_path / "a"))
    root = tree(page)
    loaded = [value for node in root.iter() for key, value in node.attrib.items() if key in ("src", "href", "srcset")]
    assert loaded
    assert all(value.startswith("data:image/png;base64,") for value in loaded)
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & {node.tag for node in root.iter()}
    assert "url(" not in page
    assert "@import" not in page


def test_a_run_that_failed_says_why_and_shows_what_there_is(run: Run, tree: Tree, tmp_path: Path) -> None:
    folder = run(tmp_path / "a", status="failed", error="The loss is <nan>.", metrics={}, floor=None, control=None)
    folder.panels.unlink()
    root = tree(run_page(folder))
    assert "The loss is <nan>." in [text.text for text in root.iter("pre")]
    assert "Learning curves" in [heading.text for heading in root.iter("h2")]
    assert "Test examples" not in [heading.text for heading in root.iter("h2")]


def test_published_numbers_stand_below_the_results(run: Run, tree: Tree, tmp_path: Path) -> None:
    results = next(tree(run_page(run(tmp_path / "a"), ["Published test/accuracy: 0.9, <A>."])).iter("section"))
    assert [part.text for part in results.iter("p")][-1] == "Published test/accuracy: 0.9, <A>."


def test_curves_of_the_control_are_drawn_beside(run: Run, tree: Tree, tmp_path: Path) -> None:
    folder = run(tmp_path / "a")
    run(tmp_path / "a" / "control")
    assert "val/accuracy, control" in [text.text for text in tree(run_page(folder)).iter("text")]


def test_the_page_stays_below_its_limit(run: Run, tmp_path: Path) -> None:
    folder = run(tmp_path / "a")
    panels = json.loads(folder.panels.read_text())
    long = {"picture": "preformatted", "arguments": {"text": "x" * 300_000}}
    panels["examples"] = panels["attention"] = [long] * 20
    folder.panels.write_text(json.dumps(panels))
    page = run_page(folder)
    assert 2 * ROOM * 0.7 < len(page.encode()) < 3 * 2**20
    assert "16 drawings are left out" in page


def test_a_panel_that_cannot_be_drawn_is_told_of(run: Run, tmp_path: Path) -> None:
    folder = run(tmp_path / "a")
    panels = json.loads(folder.panels.read_text())
    panels["examples"].insert(0, {"picture": "hologram", "arguments": {}})
    folder.panels.write_text(json.dumps(panels))
    page = run_page(folder)
    assert "A hologram cannot be drawn" in page
    assert "Forecast" in page


def test_it_is_drawn_without_torch_and_the_same_again(run: Run, tmp_path: Path) -> None:
    folder = run(tmp_path / "a")
    code = f"""
import sys
from pathlib import Path
from attnframe.report import write_run_report
print(write_run_report(Path({str(folder.path)!r})))
heavy = {{"torch", "pandas", "matplotlib"}} & set(sys.modules)
sys.exit(f"imported: {{sorted(heavy)}}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(folder.report)
    assert folder.report.read_text(encoding="utf-8") == run_page(folder)
