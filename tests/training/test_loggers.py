from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attnframe.errors import ConfigurationError
from attnframe.runs.folder import RunFolder
from attnframe.training.loggers import PACKAGES, logger_faults
from attnframe.training.run import train

Plan = Callable[..., Any]


def test_csv_needs_no_package() -> None:
    assert list(logger_faults(["csv"])) == []


def test_a_logger_without_its_package_is_refused(toy_plan: Plan, tmp_path: Path) -> None:
    missing = [name for name, package in PACKAGES.items() if importlib.util.find_spec(package) is None]
    if not missing:
        pytest.skip("every logger's package is installed")
    with pytest.raises(ConfigurationError, match=rf"pip install 'attnframe\[{missing[0]}\]'"):
        train(toy_plan(logger=missing), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_tensorboard_has_the_rows_of_the_log(toy_plan: Plan, tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    train(toy_plan(logger=["tensorboard"], trainer__max_epochs=2), tmp_path)
    events = accumulator.EventAccumulator(str(RunFolder(tmp_path).path / "tensorboard"))
    events.Reload()
    assert {"train/loss", "val/accuracy", "lr"} <= set(events.Tags()["scalars"])
    assert [event.step for event in events.Scalars("val/accuracy")] == [10, 20]
