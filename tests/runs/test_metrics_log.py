from __future__ import annotations

from pathlib import Path

from attnframe.runs.metrics_log import MetricsLog


def test_rows_stand_under_their_columns(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path / "metrics.csv", ["step", "train/loss", "val/loss"])
    log.append({"step": 1, "train/loss": 0.5})
    log.append({"step": 2, "val/loss": 0.25})
    assert (tmp_path / "metrics.csv").read_text() == "step,train/loss,val/loss\n1,0.5,\n2,,0.25\n"


def test_a_resumed_log_drops_what_came_after_the_checkpoint(tmp_path: Path) -> None:
    first = MetricsLog(tmp_path / "metrics.csv", ["step"])
    first.append({"step": 1})
    size = first.size()
    first.append({"step": 2})
    first.append({"step": 3})
    second = MetricsLog(tmp_path / "metrics.csv", ["step"], size)
    second.append({"step": 2})
    assert (tmp_path / "metrics.csv").read_text() == "step\n1\n2\n"


def test_nothing_is_there_before_the_first_row(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path / "metrics.csv", ["step"])
    assert log.size() == 0
    assert not (tmp_path / "metrics.csv").exists()


def test_without_a_checkpoint_the_log_starts_anew(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step\n1\n2")
    log = MetricsLog(tmp_path / "metrics.csv", ["step"])
    log.append({"step": 9})
    assert (tmp_path / "metrics.csv").read_text() == "step\n9\n"


def test_a_log_that_was_taken_away_starts_anew(tmp_path: Path) -> None:
    log = MetricsLog(tmp_path / "metrics.csv", ["step"], size=40)
    log.append({"step": 3})
    assert (tmp_path / "metrics.csv").read_text() == "step\n3\n"
