"""Records of baselines: trained for real, gone on with, added to."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from attnframe.baselines.definition import Definition, definition
from attnframe.baselines.record import record
from attnframe.cli.main import main
from attnframe.errors import ConfigurationError, RunError

ROW = Definition(
    overrides=("plugin=vision", "trainer.max_epochs=1"),
    metric="test/accuracy",
    better="max",
    protocol="one epoch",
    repeats={"seed": [0, 1]},
    bar=0.0,
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("record") / "runs"


@pytest.fixture(scope="module")
def recorded(runs: Path) -> dict[str, Any]:
    return record(ROW, runs)


def test_a_record_holds_what_the_files_of_the_runs_say(recorded: dict[str, Any], runs: Path) -> None:
    for seed, one in enumerate(recorded["runs"]):
        result = json.loads((runs / f"seed-{seed}" / "result.json").read_text(encoding="utf-8"))
        environment = json.loads((runs / f"seed-{seed}" / "environment.json").read_text(encoding="utf-8"))
        assert (one["repeat"], one["seed"], one["status"]) == (f"seed={seed}", seed, "ok")
        assert one["metrics"] == result["metrics"]
        assert one["floor"] == result["floor"]
        assert (one["data_hash"], one["commit"]) == (environment["data_hash"], environment["git_commit"])
        assert (one["hardware"], one["versions"]) == (environment["hardware"], environment["packages"])
    values = [one["metrics"]["test/accuracy"] for one in recorded["runs"]]
    assert values[0] != values[1]
    assert recorded["mean"] == pytest.approx(sum(values) / 2)
    assert recorded["deviation"] == pytest.approx(abs(values[0] - values[1]) / 2**0.5)
    assert recorded["reached"] is True
    assert recorded["command"] == "attnframe train plugin=vision trainer.max_epochs=1"


def test_what_is_in_the_folder_is_not_run_again(recorded: dict[str, Any], runs: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in runs.rglob("*") if file.is_file()}
    assert record(ROW, runs) == recorded
    assert {file: file.stat().st_mtime_ns for file in runs.rglob("*") if file.is_file()} == before


def test_repeats_are_added_to_a_record(recorded: dict[str, Any], runs: Path, tmp_path: Path) -> None:
    first = {**recorded, "runs": [{**recorded["runs"][0], "commit": "earlier"}]}
    (tmp_path / "seed-1").symlink_to(runs / "seed-1")
    found = record(ROW, tmp_path, first)
    assert found["runs"] == [{**recorded["runs"][0], "commit": "earlier"}, recorded["runs"][1]]
    assert found["mean"] == recorded["mean"]
    assert not (tmp_path / "seed-0").exists()


def test_adding_nothing_renews_the_words_alone(recorded: dict[str, Any], tmp_path: Path) -> None:
    timed = {**recorded, "wall_seconds": 3.0}
    found = record(ROW.replace(protocol="a pass", bar=1.0), tmp_path / "none", timed)
    assert found == {**timed, "protocol": "a pass", "bar": 1.0, "reached": False}
    assert not (tmp_path / "none").exists()


def test_other_runs_commands_and_data_are_refused(recorded: dict[str, Any], runs: Path, tmp_path: Path) -> None:
    others = ROW.replace(overrides=(*ROW.overrides, "attention=gqa"))
    with pytest.raises(ConfigurationError, match=r"output must hold runs of this row or nothing. Got .* attention=gqa"):
        record(others, runs)
    with pytest.raises(ConfigurationError, match="add must add to a record of the same command"):
        record(others, tmp_path, recorded)
    (tmp_path / "seed-1").symlink_to(runs / "seed-1")
    elsewhere = {**recorded, "runs": [{**recorded["runs"][0], "data_hash": "0000"}]}
    with pytest.raises(ConfigurationError, match=r"add must add to a record of the same data\. Got 0000 and "):
        record(ROW, tmp_path, elsewhere)


def test_a_run_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"attnframe train plugin=vision attention=no .* ended with exit code 2"):
        record(ROW.replace(overrides=("plugin=vision", "attention=no")), tmp_path)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_is_gone_on_with(sent: signal.Signals, tmp_path: Path) -> None:
    run = tmp_path / "seed-0"

    def interrupt() -> None:
        while not (run / "metrics.csv").exists() or "val" not in (run / "metrics.csv").read_text(encoding="utf-8"):
            time.sleep(0.05)
        os.kill(os.getpid(), sent)

    row = ROW.replace(overrides=("plugin=vision", "trainer.max_epochs=200"), repeats={"seed": [0]})
    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        record(row, tmp_path)
    result = json.loads((run / "result.json").read_text(encoding="utf-8"))
    assert result["status"] == "interrupted"
    assert result["epochs"] < 200
    config = (run / "config.yaml").read_text(encoding="utf-8")
    (run / "config.yaml").write_text(config.replace("max_epochs: 200", "max_epochs: 2"), encoding="utf-8")
    found = record(row, tmp_path)
    assert found["runs"][0]["status"] == "ok"


def test_repeats_in_one_process_and_the_control(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "conf" / "mine.yaml"
    row = ROW.replace(together=True)
    monkeypatch.setattr("attnframe.baselines.registry.definition_file", lambda name: file)
    monkeypatch.setattr("attnframe.baselines.registry.definition", lambda name: row)
    file.parent.mkdir()
    assert main(["baselines", "record", "mine", "control=true", f"output={tmp_path / 'runs'}"]) == 0
    assert capfd.readouterr().out.endswith(f" of 2 runs\n{file.parent / 'records' / 'mine-control.json'}\n")
    found = json.loads((file.parent / "records" / "mine-control.json").read_text(encoding="utf-8"))
    assert found["command"] == "attnframe train plugin=vision trainer.max_epochs=1 attention=none floor=false"
    assert [one["repeat"] for one in found["runs"]] == ["seed=0", "seed=1"]
    assert (found["bar"], found["runs"][0]["floor"]) == (None, None)
    assert found["wall_seconds"] > sum(one["seconds"] for one in found["runs"])
    config = yaml.safe_load((tmp_path / "runs" / "0" / "config.yaml").read_text(encoding="utf-8"))
    assert config["attention"]["name"] == "none"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "baselines record must be followed by one row."),
        (["digits", "add=yes"], "add must be true or false. Got 'yes'."),
        (["digits", "control=1"], "control must be true or false. Got '1'."),
        (["digits", "add=true", "control=true"], "add must add to a record. Got none at "),
    ],
)
def test_what_is_asked_wrongly_is_told(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("attnframe.baselines.registry.definition_file", lambda name: tmp_path / "mine.yaml")
    assert main(["baselines", "record", *words]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert not [*tmp_path.iterdir()]


def test_files_of_a_user_are_written_for_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from attnframe.baselines.user_files import remove_files, with_files

    row = definition("parallel_text").replace(files="tests_files:write")
    monkeypatch.setattr("pkgutil.resolve_name", lambda name: lambda folder, data: (folder / "train.de").write_text("a"))
    overrides = with_files(row, tmp_path / "run")
    assert f"data.path={tmp_path / 'run' / 'files'}" in overrides
    assert (tmp_path / "run" / "files" / "train.de").read_text() == "a"
    monkeypatch.setattr("pkgutil.resolve_name", lambda name: pytest.fail("written twice"))
    assert with_files(row, tmp_path / "run") == overrides
    remove_files(tmp_path / "run")
    assert not [*tmp_path.iterdir()]


def test_files_that_cannot_be_written_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from attnframe.baselines.user_files import with_files

    monkeypatch.setenv("ATTNFRAME_DATA_DIR", str(tmp_path / "nothing"))
    with pytest.raises(ConfigurationError):
        with_files(definition("parallel_text"), tmp_path / "run")
    assert not [*tmp_path.rglob("*files*")]
