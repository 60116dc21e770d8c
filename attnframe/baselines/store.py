"""The folder of a suite: what is known of its data, the run folder and the outcome of each run. Torch-free.

    data/HASH.json             hash, floor and protocol of one dataset
    runs/KEY/                  a run folder as of ``attnframe train``; outcome.json once the run has ended, and its
                               answers (cases.json) where the task is a classification
    record.json, baselines.*   the table

Every file is there whole or not at all, so a suite that was killed goes on with the run that it was at.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnframe.plan import RunPlan
from attnframe.runs.atomic import write_text
from attnframe.runs.folder import RunFolder

CASES = "cases.json"
"""The answers of a run to each test case."""


@dataclass(frozen=True)
class Store:
    """The folder of a suite.

    Args:
        path: the folder; made when something is written.
    """

    path: Path

    def run_folder(self, key: str) -> RunFolder:
        """The folder of one run."""
        return RunFolder(self.path / "runs" / key)

    def outcome(self, key: str) -> dict[str, Any] | None:
        """How a run ended; None while it has not."""
        return _read(self.path / "runs" / key / "outcome.json")

    def write_outcome(self, key: str, outcome: Mapping[str, Any]) -> None:
        """Note how a run ended."""
        _write(self.path / "runs" / key / "outcome.json", outcome)

    def cases(self, key: str) -> dict[str, Any] | None:
        """The answers of a run to each test case; None where there are none."""
        return _read(self.path / "runs" / key / CASES)

    def prepare(self, key: str, plan: RunPlan) -> None:
        """Make the folder of a run; one that was begun is gone on with, one that failed begins anew."""
        folder = self.run_folder(key)
        outcome = self.outcome(key)
        if outcome is not None and outcome["status"] == "failed":
            shutil.rmtree(folder.path)
        folder.begin(plan.values, plan.overrides)

    def data(self, plan: RunPlan) -> dict[str, Any] | None:
        """What is known of the data of a plan; None when nothing is."""
        return _read(self._data_file(plan))

    def write_data(self, plan: RunPlan, known: Mapping[str, Any]) -> None:
        """Note what is known of the data of a plan."""
        _write(self._data_file(plan), known)

    def _data_file(self, plan: RunPlan) -> Path:
        return self.path / "data" / f"{plan.data.name}-{data_key(plan)}.json"


def data_key(plan: RunPlan) -> str:
    """What tells the data of a plan from others: task and settings."""
    text = json.dumps([plan.task.name, plan.values["data"], str(plan.data_dir)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write(path: Path, content: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
