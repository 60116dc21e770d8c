"""Run folders as training leaves them, without training."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from attnframe.pictures import Line, Panel
from attnframe.runs.folder import RunFolder

PANELS = {
    "metric": "accuracy",
    "examples": [
        Panel("heatmap", {"matrix": [[3, 1], [0, 4]], "rows": ["a", "<b>"], "columns": ["a", "<b>"], "title": "Map"}),
        Panel("lines", {"series": [Line("truth", [0, 1], [1.0, float("nan")])], "title": "Forecast"}),
        Panel("table", {"columns": ["text"], "rows": [["<script>alert(1)</script>"]], "title": "Texts"}),
        Panel("image", {"array": np.zeros((4, 4), np.uint8), "title": "Picture"}),
    ],
    "attention": [Panel("remark", {"text": "No attention weights to show: a reason."})],
}
METRICS = """\
step,epoch,seconds,lr,train/loss,train/gradient_norm,val/loss,val/accuracy
10,0.5,1.0,0.01,2.0,5.0,,
20,1.0,2.0,0.005,1.0,0.1,1.5,0.5
40,2.0,4.0,0.0,0.5,0.2,1.2,0.75
"""


@pytest.fixture
def run() -> Callable[..., RunFolder]:
    """Makes a run folder; keyword arguments change its result."""

    def make(path: Path, overrides: tuple[str, ...] = ("plugin=vision",), **changes: Any) -> RunFolder:
        folder = RunFolder(path)
        attention = {"name": changes.get("attention", "mha")}
        named = {"plugin": "vision", "task": "image_classification"}
        folder.begin({**named, "attention": attention, "data": {"name": "digits"}, "note": "<&>"}, overrides)
        folder.metrics.write_text(METRICS)
        folder.environment.write_text(json.dumps({"packages": {"torch": "2.11"}, "data_hash": "abc"}))
        plain = {
            part: [panel.plain() for panel in panels] if isinstance(panels, list) else panels
            for part, panels in PANELS.items()
        }
        folder.panels.write_text(json.dumps(plain))
        result = {
            "status": "ok",
            **named,
            "attention": "mha",
            "position": "learned",
            "data": "digits",
            "seed": 0,
            "protocol": {"split": "stratified"},
            "metrics": {"test/loss": 1.25, "test/accuracy": 0.8125},
            "floor": {"name": "nearest neighbours", "test/accuracy": 0.9722},
            "control": {"name": "attention=none", "test/loss": 1.5, "test/accuracy": 0.7278},
            "parameters": 101578,
            "steps": 40,
            "epochs": 2.0,
            "seconds": 4.5,
            "throughput": 590.2,
            "data_wait": 0.039,
            "peak_memory_bytes": 910 * 2**20,
            "checkpoint": str(folder.best),
            "error": None,
        }
        folder.write_result(result | changes)
        return folder

    return make
