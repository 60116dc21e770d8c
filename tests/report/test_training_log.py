"""metrics.csv as columns."""

from __future__ import annotations

from pathlib import Path

from attnframe.report.training_log import TrainingLog


def test_rows_that_say_nothing_are_left_out_of_a_series(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_text("step,a,b\n1,0.5,\n2,,7\n3,x,nan\n4,inf,8\n")
    log = TrainingLog.read(path)
    assert log.series("a") == ([1, 4], [0.5, float("inf")])
    assert log.series("b") == ([2, 4], [7, 8])
    assert log.series("c") == ([], [])


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_text("step,a\n1,0.5\n2")
    assert TrainingLog.read(path).series("a") == ([1], [0.5])


def test_no_file_is_an_empty_log(tmp_path: Path) -> None:
    assert TrainingLog.read(tmp_path / "metrics.csv").columns == {}
