"""A suite from the command line: the table, going on after a kill, failures that stay in their row."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from attnframe.cli.main import main
from attnframe.runs.folder import RunFolder

FAILING = """\
seeds: [0]
attention: [mha]
cells:
  broken: {overrides: [task=next_symbol, data.examples=40, optim.lr=1e30, trainer.max_epochs=2]}
"""


def test_one_row_for_each_cell_and_variant(done: Path) -> None:
    with open(done / "baselines.csv", encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [(row["cell"], row["attention"], row["done"]) for row in rows] == [
        *(("waves", "mha", "2"), ("waves", "none", "2")),
        *(("triples", "mha", "2"), ("triples", "none", "2")),
    ]
    for row in rows:
        assert float(row["mean"]) >= 0
        assert float(row["deviation"]) >= 0
        assert int(row["parameters"]) > 0
        assert int(row["flops"]) > 0
        assert float(row["seconds"]) > 0
        assert float(row["peak_memory_bytes"]) > 1e7
        assert len(row["data_hash"]) == 64
    mha, control = rows[:2]
    assert float(mha["difference"]) == pytest.approx(float(mha["mean"]) - float(control["mean"]))
    assert mha["verdict"] in ("better", "worse", "within noise")
    assert control["verdict"] == ""
    assert float(mha["control"]) == float(control["mean"])


def test_the_record_the_page_and_the_markdown_say_the_same(done: Path) -> None:
    record = json.loads((done / "record.json").read_text())
    assert (record["runs"], record["ended"], record["failed"]) == (8, 8, 0)
    assert [one["pattern"] for one in record["patterns"]] == ["noncausal self", "causal self"]
    page, markdown = ((done / name).read_text() for name in ("baselines.html", "baselines.md"))
    for text in (page, markdown):
        assert "waves: next_symbol data=waves, test/loss, less is better" in text
        assert "cannot serve task=next_symbol, which needs causal attention" in text
        for row in record["cells"][0]["rows"]:
            assert f"{row['mean']:.4f} ± {row['deviation']:.4f}" in text
    assert "http" not in page.replace("http://www.w3.org", "")


def test_a_run_is_an_ordinary_run_folder(done: Path) -> None:
    folder = RunFolder(next((done / "runs").glob("waves-mha-0-*")))
    result = folder.read_result()
    assert result is not None
    assert result["status"] == "ok"
    assert folder.best.exists()
    assert not folder.last.exists()
    outcome = json.loads((folder.path / "outcome.json").read_text())
    assert outcome["metrics"] == result["metrics"]


def test_what_is_done_is_not_done_again(done: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in done.glob("runs/*/result.json")}
    gone = next((done / "runs").glob("triples-none-1-*"))
    shutil.rmtree(gone)
    assert main(["baselines", f"suite={done.parent / 'symbols.yaml'}", f"output={done}"]) == 0
    assert "[1/1] triples-none-1-" in capfd.readouterr().err
    after = {path: path.stat().st_mtime_ns for path in done.glob("runs/*/result.json")}
    assert {path for path in after if after[path] != before[path]} == {gone / "result.json"}


def test_after_a_kill_only_the_run_that_it_was_at_is_left(suite_file: Path, tmp_path: Path) -> None:
    text = suite_file.read_text()
    slow = text.replace("data.examples=60, trainer.max_epochs=1", "data.examples=60, trainer.max_epochs=5000")
    suite_file.write_text(slow)
    out = tmp_path / "out"
    words = ["baselines", f"suite={suite_file}", f"output={out}", "seeds=0"]
    code = f"import sys; from attnframe.cli.main import main; sys.exit(main({words!r}))"
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    try:
        until = time.monotonic() + 200
        while not [*out.glob("runs/triples-mha-*/metrics.csv")]:
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.1)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert len([*out.glob("runs/waves-*/outcome.json")]) == 2
    assert not [*out.glob("runs/triples-*/outcome.json")]
    kept = {path: path.stat().st_mtime_ns for path in out.glob("runs/waves-*/outcome.json")}
    assert main([*words, "time=00:00:00:20", "cells=waves"]) == 0
    assert {path: path.stat().st_mtime_ns for path in out.glob("runs/waves-*/outcome.json")} == kept


def test_a_run_that_fails_stays_in_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "failing.yaml", tmp_path / "out"
    file.write_text(FAILING)
    assert main(["baselines", f"suite={file}", f"output={out}"]) == 1
    record = json.loads((out / "record.json").read_text())
    assert record["failed"] == 2
    assert "0 of 1 runs" in capsys.readouterr().out
    assert all(row["errors"] for row in record["cells"][0]["rows"])
    outcome = json.loads(next(out.glob("runs/broken-mha-*/outcome.json")).read_text())
    assert outcome["status"] == "failed"
    assert "train/loss became NaN" in outcome["error"]


def test_what_would_be_run_is_shown_and_not_run(
    suite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["baselines", f"suite={suite_file}", f"output={tmp_path / 'out'}", "plan=true"]
    assert main(words) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "mha none; refused: linformer" in shown
    assert shown.endswith(" 8 runs")
    assert not (tmp_path / "out").exists()


def test_a_cell_whose_data_cannot_be_read_stops_no_other(
    suite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.txt"
    text = suite_file.read_text().replace("task=majority, data.examples=60", f"task=majority, data.path={missing}")
    suite_file.write_text(text)
    words = ["baselines", f"suite={suite_file}", f"output={tmp_path / 'out'}", "seeds=0", "attention=mha"]
    assert main(words) == 1
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert [cell["name"] for cell in record["cells"]] == ["waves"]
    assert "every variant" in capsys.readouterr().out
    assert main([*words, "cells=triples"]) == 2
    assert "cells.triples must have data that can be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("suit=smoke", "suit is not a known key of baselines. Did you mean suite?"),
        ("seeds=a", "seeds must be integers at least 0. Got 'a'. Example: seeds=0,1,2."),
        ("cells=wave", "cells=wave is no cell of the suite. Did you mean waves?"),
        ("hydra/launcher=ray", "hydra/launcher=ray needs the package hydra-ray-launcher. Install it: pip install"),
        ("hydra/launcher=slurm", "hydra/launcher=slurm is not known. Known: basic, joblib, submitit_local"),
        ("hydra.run.dir=x", "hydra.run.dir has no meaning for baselines."),
        ("attention=mhaa", "attention=mhaa is not a known variant. Did you mean mha?"),
        ("plan=maybe", "plan must be true or false. Got 'maybe'."),
        ("-m", "baselines takes no options."),
    ],
)
def test_what_is_asked_wrongly_is_told(
    suite_file: Path, tmp_path: Path, word: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["baselines", f"suite={suite_file}", f"output={tmp_path / 'out'}", word]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()
