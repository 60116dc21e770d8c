"""`attnframe train`: run folders, refusals that leave nothing behind, sweeps, files as variants, exit codes."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from attnframe.cli.main import main
from attnframe.plan_from import plan_from_values

SHORT = ["plugin=outside", "data.examples=40", "trainer.max_epochs=1", "trainer.progress=false"]

VARIANT = '''\
from __future__ import annotations

from typing import Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities


@frozen
class Mine(AttentionVariant):
    """Softmax attention under another name."""

    name: ClassVar[str] = "{name}"
    summary: ClassVar[str] = "softmax attention under another name"
    capabilities: ClassVar[Capabilities] = Capabilities()

    sharpness: Annotated[float, AtLeast(0)] = 1.0

    def build(self, dim, *, causal=False, position=None, context_dim=None):
        from attnframe.attention.layer import Attention

        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position)
'''


def run_folder() -> Path:
    (folder,) = Path("runs").glob("*/*")
    return folder.absolute()


def result_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


def test_a_run_writes_its_folder_and_prints_its_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", *SHORT, "attention=gqa"]) == 0
    folder = run_folder()
    assert folder.parent.name == "outside-majority"
    assert (folder / "overrides.txt").read_text().splitlines() == [*SHORT, "attention=gqa"]
    values = yaml.safe_load((folder / "config.yaml").read_text())
    assert plan_from_values(values).parts.attention.name == "gqa"
    assert values["data"]["examples"] == 40
    result = result_of(folder)
    assert result["status"] == "ok"
    out = capsys.readouterr().out
    assert f"{result['metrics']['test/loss']:.4f}" in out
    assert out.splitlines()[-1] == f"Report: {folder / 'report.html'}"
    assert f"{result['metrics']['test/loss']:.4f}" in (folder / "report.html").read_text(encoding="utf-8")
    assert (folder / "checkpoints" / "best.ckpt").is_file()
    assert not list(folder.glob(".hydra"))


def test_the_run_folder_may_be_named_literally(tmp_path: Path) -> None:
    folder = tmp_path / "ein Ördner, [1]=x"
    assert main(["train", *SHORT, f"hydra.run.dir={str(folder).replace(' ', chr(92) + ' ')}"]) == 2
    assert main(["train", *SHORT, f"hydra.run.dir='{folder}'"]) == 0
    assert result_of(folder)["status"] == "ok"
    assert not Path("runs").exists()


def test_a_folder_with_a_run_is_not_trained_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["train", *SHORT, "hydra.run.dir=first"]) == 0
    before = result_of(tmp_path / "first")
    assert main(["train", *SHORT, "seed=1", "hydra.run.dir=first"]) == 2
    assert "hydra.run.dir must not hold a run already" in capsys.readouterr().err
    assert result_of(tmp_path / "first") == before


@pytest.mark.parametrize(
    ("override", "text"),
    [
        ("plugn=outside", "Did you mean plugin?"),
        ("attention=gqqa", "Did you mean gqa?"),
        ("attention.num_heads=3", "must divide model.dim=16"),
        ("data.path=missing.txt", "data.path must be a text file"),
        ("attention=missing.py", "missing.py must be a readable file"),
        ("--multrun", "Did you mean --multirun"),
        ("optim._target_=os.system", "optim._target_ is not a known key"),
    ],
)
def test_a_wrong_configuration_exits_with_2_and_leaves_nothing(
    override: str, text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    assert main(["train", *SHORT, override]) == 2
    captured = capsys.readouterr()
    assert text in captured.err
    assert "Traceback" not in captured.err + captured.out
    assert len(captured.err.splitlines()) <= 40
    assert {path for path in tmp_path.iterdir() if path.name != "cache"} == before


def test_wrong_data_leaves_a_folder_that_was_there_before(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "notes.txt").write_text("mine")
    assert main(["train", *SHORT, "data.path=missing.txt", "hydra.run.dir=kept"]) == 2
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["notes.txt"]


def test_what_the_configuration_looks_like_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "plugin=outside", "attention=gqa", "--cfg", "job"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert (shown["plugin"], shown["attention"]["name"], shown["data"]["name"]) == ("outside", "gqa", "triples")
    assert main(["train", "plugin=outside", "--info", "defaults"]) == 0
    assert "task/majority" in capsys.readouterr().out
    assert not Path("runs").exists()


def test_a_file_of_ones_own_is_a_variant_also_after_resuming(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine, [1].py").write_text(VARIANT.format(name="mine"))
    assert main(["train", *SHORT, "attention=mine, [1].py", "attention.sharpness=2", "hydra.run.dir=run"]) == 0
    values = yaml.safe_load((tmp_path / "run" / "config.yaml").read_text())
    assert values["attention"]["name"] == "mine"
    assert values["attention"]["file"] == str(tmp_path / "mine, [1].py")
    assert values["attention"]["sharpness"] == 2.0
    assert result_of(tmp_path / "run")["attention"] == "mine"
    (tmp_path / "run" / "result.json").unlink()
    capsys.readouterr()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["train", "resume=../run"]) == 0
    assert "attention=mine" in capsys.readouterr().out
    assert main(["evaluate", "ckpt=../run/checkpoints/best.ckpt"]) == 0
    assert "attention=mine" in capsys.readouterr().out


def test_a_file_may_not_take_a_name_that_is_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.py").write_text(VARIANT.format(name="gqa"))
    assert main(["train", *SHORT, "attention=mine.py"]) == 2
    assert "must define a variant of a new name. Got 'gqa'." in " ".join(capsys.readouterr().err.split())


def test_a_sweep_ends_with_a_table_over_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.py").write_text(VARIANT.format(name="mine"))
    words = ["train", "-m", *SHORT, "attention=mha,mine.py,window", "attention.window=2", "seed=0,1"]
    assert main([*words, "hydra.sweep.dir=sweep"]) == 0
    captured = capsys.readouterr()
    notice = "attention.window is ignored where there is no such field: attention=mha, attention=mine"
    assert captured.err.count(notice) == 1
    with open(tmp_path / "sweep" / "summary.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["attention"], row["runs"], row["done"]) for row in rows] == [
        (name, "2", "2") for name in ("mha", "mine", "window")
    ]
    losses = [result_of(tmp_path / "sweep" / number)["metrics"]["test/loss"] for number in "01"]
    assert float(rows[0]["test/loss"]) == pytest.approx(sum(losses) / 2)
    assert float(rows[0]["test/loss_std"]) == pytest.approx(abs(losses[0] - losses[1]) / 2**0.5)
    assert f"{sum(losses) / 2:.4f} ± " in captured.out
    assert (tmp_path / "sweep" / "summary.md").is_file()
    assert "<table>" in (tmp_path / "sweep" / "summary.html").read_text()
    for report in (tmp_path / "sweep", *(tmp_path / "sweep" / str(number) for number in range(6))):
        assert (report / "report.html").read_text(encoding="utf-8").endswith("</html>")


def test_a_failing_point_is_a_row_and_the_others_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "short.txt").write_text("012\n" * 40)
    words = ["train", "-m", *SHORT, "data.path=short.txt", "data.length=3,4", "hydra.sweep.dir=sweep"]
    assert main(words) == 1
    with open(tmp_path / "sweep" / "summary.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["data.length"], row["done"]) for row in rows] == [("3", "1"), ("4", "0")]
    assert "data.path must hold lines of 4 symbols" in rows[1]["error"]
    assert "data.path must hold lines of 4 symbols" in capsys.readouterr().out


def test_a_wrong_point_stops_a_sweep_before_its_first_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for override in ("attention=mha,gqqa", "model.dim=16,17", "position=rope,rop", "attention.windw=1,2"):
        assert main(["train", "-m", *SHORT, override]) == 2
        assert "attnframe train: 1 thing to mend" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] in ([], ["cache"])


def test_a_sweep_over_tasks_settles_the_data_of_each(tmp_path: Path) -> None:
    words = ["train", "-m", "task=majority,next_symbol", *SHORT[1:], "hydra.sweep.dir=sweep"]
    assert main(words) == 0
    assert [result_of(tmp_path / "sweep" / number)["data"] for number in "01"] == ["triples", "waves"]


def test_a_finished_run_prints_its_result_when_resumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", *SHORT, "hydra.run.dir=run"]) == 0
    capsys.readouterr()
    assert main(["train", "resume=run"]) == 0
    assert "test/loss" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["resume=nowhere"], "must be the folder of a run. Got no folder."),
        (["resume=."], "must be the folder of a run. Got a folder without config.yaml."),
        (["resume=run", "seed=1"], "resume must stand alone: a run goes on as it began. Got seed=1."),
    ],
)
def test_what_cannot_be_resumed_is_refused(words: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", *words]) == 2
    assert text in " ".join(capsys.readouterr().err.split())


def test_a_run_that_fails_exits_with_1_and_keeps_the_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "failing.py").write_text(
        VARIANT.format(name="failing").replace(
            "return Attention(",
            "import torch\n\n        if torch.empty(0).device.type != 'meta':\n"
            "            raise RuntimeError('fails while it is built')\n        return Attention(",
        )
    )
    assert main(["train", *SHORT, "attention=failing.py", "hydra.run.dir=run"]) == 1
    error = capsys.readouterr().err
    assert "fails while it is built" in error
    assert "Traceback" not in error
    assert result_of(tmp_path / "run")["status"] == "failed"
    assert "Traceback" in (tmp_path / "run" / "run.log").read_text()
    assert "fails while it is built" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_an_interrupted_run_exits_with_130_and_says_how_to_go_on(tmp_path: Path) -> None:
    words = [*SHORT[:2], "trainer.max_epochs=100000", "trainer.progress=false", "hydra.run.dir=run"]
    code = "import sys; from attnframe.cli.main import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "train", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not (tmp_path / "run" / "metrics.csv").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 130, error
    assert error.count(f"attnframe train resume={tmp_path / 'run'}") == 1
    assert "Traceback" not in error
    assert result_of(tmp_path / "run")["status"] == "interrupted"


def test_the_configuration_is_written_before_torch_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom attnframe.runs.folder import RunFolder\nfrom attnframe.cli.main import main\n"
        "begin = RunFolder.begin\n"
        "def note(self, *words):\n    begin(self, *words)\n    print('TORCH', 'torch' in sys.modules)\n"
        "RunFolder.begin = note\nsys.exit(main())"
    )
    run = subprocess.run([sys.executable, "-c", code, "train", *SHORT], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert next(line for line in run.stdout.splitlines() if line.startswith("TORCH")) == "TORCH False"
