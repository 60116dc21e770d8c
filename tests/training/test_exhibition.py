"""Exhibits of a test pass, which cannot harm it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

from attnframe.pictures import Panel, draw
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import TaskModule
from attnframe.runs.folder import RunFolder
from attnframe.training.exhibition import Exhibition
from attnframe.training.scoring import test_metrics as metrics_of


class Counting(Exhibit):
    """Counts examples; fails where it is told to."""

    def __init__(self, fails: str = "") -> None:
        self.fails, self.seen = fails, 0

    def update(self, batch: Any, outputs: Tensor) -> None:
        if self.fails == "update":
            raise ValueError("no such batch")
        self.seen += len(outputs)

    def panels(self) -> list[Panel]:
        if self.fails == "panels":
            raise ValueError("no such panel")
        return [Panel("paragraph", {"text": f"{self.seen} examples"})]


@pytest.fixture
def plan(toy_values: Callable[..., dict[str, Any]]) -> RunPlan:
    return plan_from_values(toy_values())


def shown(plan: RunPlan, folder: Path, exhibits: list[Exhibit], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is written of a test pass with some exhibits, and its metrics."""
    data = plan.data.build(data_dir=folder, cache_dir=folder, seed=0)
    data.setup()
    module = plan.task.build(plan.parts, data.facts)
    monkeypatch.setattr(type(module), "exhibits", lambda self: exhibits)
    exhibition = Exhibition(module)
    metrics = metrics_of(plan, module, data, exhibition.look)
    exhibition.write(plan, RunFolder(folder), data)
    panels: dict[str, Any] = json.loads(RunFolder(folder).panels.read_text())
    return panels | {"metrics": metrics, "size": len(data.test)}


def texts(panels: list[dict[str, Any]]) -> list[str]:
    return [panel["arguments"]["text"] for panel in panels]


def test_exhibits_see_every_test_example(plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shown(plan, tmp_path, [Counting()], monkeypatch)
    assert texts(found["examples"]) == [f"{found['size']} examples"]
    assert found["metric"] == plan.task.monitor.metric
    assert all(draw(panel) for panel in found["attention"])


@pytest.mark.parametrize(("fails", "told"), [("update", "no such batch"), ("panels", "no such panel")])
def test_an_exhibit_that_fails_is_told_of_and_changes_nothing(
    plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, told: str
) -> None:
    sound = shown(plan, tmp_path / "a", [Counting()], monkeypatch)
    failing = shown(plan, tmp_path / "b", [Counting(fails), Counting()], monkeypatch)
    assert failing["metrics"] == sound["metrics"]
    assert sorted(texts(failing["examples"])) == [
        *texts(sound["examples"]),
        f"Counting shows nothing: ValueError: {told}",
    ]


def test_what_cannot_be_written_is_a_warning(
    plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Unwritable(Counting):
        def panels(self) -> list[Panel]:
            return [Panel("paragraph", {"text": object()})]

    with pytest.raises(FileNotFoundError):  # of the test's own reading
        shown(plan, tmp_path, [Unwritable()], monkeypatch)
    assert "The report will show no examples" in caplog.text


def test_by_default_a_module_shows_nothing(plan: RunPlan, tmp_path: Path) -> None:
    data = plan.data.build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)
    data.setup()
    module = plan.task.build(plan.parts, data.facts)
    assert type(module).exhibits is TaskModule.exhibits
    assert module.exhibits() == []
