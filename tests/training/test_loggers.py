from __future__ import annotations

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


@pytest.mark.parametrize("name", PACKAGES)
def test_a_logger_without_its_package_is_refused(
    name: str, toy_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PACKAGES, name, "package_that_nobody_has")
    with pytest.raises(ConfigurationError, match=rf"pip install 'attnframe\[{name}\]'"):
        train(toy_plan(logger=[name]), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_tensorboard_has_the_rows_of_the_log(toy_plan: Plan, tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    train(toy_plan(logger=["tensorboard"], trainer__max_epochs=2), tmp_path)
    events = accumulator.EventAccumulator(str(RunFolder(tmp_path).path / "tensorboard"))
    events.Reload()
    assert {"train/loss", "val/accuracy", "lr"} <= set(events.Tags()["scalars"])
    assert [event.step for event in events.Scalars("val/accuracy")] == [10, 20]
