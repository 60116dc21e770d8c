"""Configuration and environment."""

from __future__ import annotations

from pathlib import Path

from attnframe.report.origin import origin
from attnframe.runs.folder import RunFolder


def test_only_files_that_are_there_are_shown(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    assert origin(folder).parts == []
    folder.config.write_text("seed: 0\n")
    (shown,) = origin(folder).parts
    assert "seed: 0" in shown
    assert shown.startswith("<details><summary>Configuration</summary>")
