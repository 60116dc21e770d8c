"""The page about one run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from attnframe.pictures import Section, gallery, page, paragraph, preformatted
from attnframe.report.curves import run_curves
from attnframe.report.origin import origin
from attnframe.report.panels import drawn_panels
from attnframe.report.results import results
from attnframe.report.training_log import TrainingLog
from attnframe.runs.folder import RunFolder

ROOM = 1_300_000
"""Most bytes of the drawings of test examples, and of those of attention."""


def run_page(folder: RunFolder, published: Sequence[str] = ()) -> str:
    """The page, from the files of a run folder that has a ``result.json``.

    Args:
        folder: of the run. published: numbers to compare with, in words.
    """
    result = folder.read_result() or {}
    shown = read_panels(folder)
    logs = {"": TrainingLog.read(folder.metrics)}
    if folder.control.metrics.is_file():
        logs["control"] = TrainingLog.read(folder.control.metrics)
    sections = [
        Section("Results", [*results(result), *map(paragraph, published)]),
        Section("Learning curves", [gallery(run_curves(logs, shown.get("metric")))] if logs[""].columns else []),
        Section("Test examples", drawn_panels(shown.get("examples", []), ROOM)),
        Section("Attention in one test example", drawn_panels(shown.get("attention", []), ROOM)),
        origin(folder),
    ]
    return page(_title(result), sections, _head(result, folder))


def read_panels(folder: RunFolder) -> dict[str, Any]:
    """What ``panels.json`` holds; nothing when there is none, as of a run that failed."""
    if not folder.panels.is_file():
        return {}
    panels: dict[str, Any] = json.loads(folder.panels.read_text(encoding="utf-8"))
    return panels


def _title(result: Mapping[str, Any]) -> str:
    task = str(result.get("task")).replace("_", " ")
    return f"{task.capitalize()}, attention={result.get('attention')}"


def _head(result: Mapping[str, Any], folder: RunFolder) -> list[str]:
    names = ("plugin", "data", "position", "seed")
    chosen = ", ".join(f"{name}={result[name]}" for name in names if name in result)
    parts = [paragraph(f"{chosen}. Status: {result.get('status')}. Run {folder.path.name}.")]
    if result.get("error"):
        parts.append(preformatted(str(result["error"]), "What went wrong"))
    return parts
