"""Writing reports, which can never harm a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from attnframe.report import write_run_report, write_sweep_report
from attnframe.runs.folder import RunFolder

Run = Callable[..., RunFolder]


def test_reports_are_written_whole(run: Run, tmp_path: Path) -> None:
    folder = run(tmp_path / "0")
    assert write_run_report(folder.path) == folder.report
    assert write_sweep_report(tmp_path) == tmp_path / "report.html"
    assert folder.report.read_text(encoding="utf-8").endswith("</html>")
    assert [*folder.path.glob(".*")] == []


def test_a_run_without_result_has_no_report(tmp_path: Path) -> None:
    assert write_run_report(tmp_path) is None
    assert [*tmp_path.iterdir()] == []


def test_a_report_that_fails_is_one_warning(run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = run(tmp_path / "0")
    folder.panels.write_text("{no json")
    assert write_run_report(folder.path) is None
    (record,) = caplog.records
    assert f"No report was written to {folder.report}: JSONDecodeError" in record.message
    assert "\n" not in record.message
