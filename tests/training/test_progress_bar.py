from __future__ import annotations

import io
import sys

import pytest

from attnframe.training.budget import Budget
from attnframe.training.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_shows_step_and_main_metric_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    bar = ProgressBar("accuracy", enabled=True)
    bar.start()
    bar.update(25, Budget(100, None), 1.0, {"val/loss": 0.5, "val/accuracy": 0.875})
    bar.stop()
    assert "step 25" in terminal.getvalue()
    assert "val/accuracy 0.8750" in terminal.getvalue()
    assert "25%" in terminal.getvalue()


@pytest.mark.parametrize(("stream", "enabled"), [(io.StringIO, True), (Terminal, False)])
def test_it_is_silent_elsewhere(monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], enabled: bool) -> None:
    quiet = stream()
    monkeypatch.setattr(sys, "stderr", quiet)
    bar = ProgressBar("accuracy", enabled)
    bar.start()
    bar.update(25, Budget(100, None), 1.0)
    bar.stop()
    assert quiet.getvalue() == ""
