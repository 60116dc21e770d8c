"""The summary of a sweep: which runs make a row, and what the row says."""

from pathlib import Path
from typing import Any

import pytest

from attnframe.runs.folder import RunFolder
from attnframe.runs.summary import read_rows, summary_table, write_summary


def job(sweep: Path, number: int, overrides: list[str], loss: float | None, **changes: Any) -> None:
    values = {"plugin": "p", "task": "t", "attention": {"name": "mha"}, "data": {"name": "d"}}
    folder = RunFolder(sweep / str(number))
    folder.begin(values, overrides)
    named = {"plugin": "p", "task": "t", "attention": "mha", "data": "d", "seconds": 2.0, "error": None}
    if loss is None:
        folder.write_result({**named, "status": "failed", "metrics": {}, "error": "out of | memory", **changes})
    else:
        folder.write_result({**named, "status": "ok", "metrics": {"test/loss": loss}, **changes})


def test_seeds_and_folds_are_repeats_of_one_row(tmp_path: Path) -> None:
    for number, (seed, fold) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        job(tmp_path, number, ["plugin=p", f"seed={seed}", f"data.fold={fold}"], float(number))
    (row,) = read_rows(tmp_path)
    assert (row.runs, row.done) == (4, 4)
    assert row.metrics["test/loss"] == (1.5, pytest.approx(1.2909944))
    assert dict(row.settings) == {"plugin": "p", "task": "t", "attention": "mha", "data": "d"}


def test_what_varies_tells_rows_apart(tmp_path: Path) -> None:
    for number, rate in enumerate(["0.1", "0.01"]):
        job(tmp_path, number, ["plugin=p", f"optim.lr={rate}", "model.dim=8"], 1.0)
    rows = read_rows(tmp_path)
    assert [row.settings["optim.lr"] for row in rows] == ["0.1", "0.01"]
    assert "model.dim" not in rows[0].settings
    assert rows[0].metrics["test/loss"] == (1.0, None)


def test_rows_are_in_the_order_of_the_jobs(tmp_path: Path) -> None:
    for number in range(12):
        job(tmp_path, number, [f"optim.lr={number}"], 1.0)
    assert [row.settings["optim.lr"] for row in read_rows(tmp_path)] == [str(number) for number in range(12)]


def test_failures_are_counted_and_told(tmp_path: Path) -> None:
    job(tmp_path, 0, ["seed=0"], 1.0)
    job(tmp_path, 1, ["seed=1"], None)
    (row,) = read_rows(tmp_path)
    assert (row.runs, row.done, row.errors) == (2, 1, ("out of | memory",))
    assert "1 of 2" in summary_table([row])
    write_summary(tmp_path, [row])
    assert "out of \\| memory" in (tmp_path / "summary.md").read_text()
    assert (tmp_path / "summary.csv").read_text().splitlines()[1] == "p,t,mha,d,2,1,1.0,,2.0,out of | memory"


def test_a_killed_run_has_a_row_too(tmp_path: Path) -> None:
    job(tmp_path, 0, ["seed=0"], 1.0)
    RunFolder(tmp_path / "0").result.unlink()
    (row,) = read_rows(tmp_path)
    assert (row.done, row.errors) == (0, ("killed",))


def test_html_is_escaped(tmp_path: Path) -> None:
    job(tmp_path, 0, ["seed=0"], None, error="<script>")
    write_summary(tmp_path, read_rows(tmp_path))
    text = (tmp_path / "summary.html").read_text()
    assert "&lt;script&gt;" in text
    assert "<script>" not in text


def test_other_folders_are_no_jobs(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert read_rows(tmp_path) == []
