"""`attnframe evaluate` and `attnframe predict`: from the checkpoint alone."""

import json
from pathlib import Path

import pytest

from attnframe.cli.main import main


@pytest.fixture
def checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    words = ["plugin=outside", "data.examples=40", "trainer.max_epochs=1", "hydra.run.dir=run"]
    assert main(["train", *words]) == 0
    capsys.readouterr()
    return tmp_path / "run" / "checkpoints" / "best.ckpt"


def test_evaluation_needs_the_checkpoint_only(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", f"ckpt={checkpoint}", "output=metrics.json"]) == 0
    trained = json.loads((checkpoint.parents[1] / "result.json").read_text())["metrics"]
    assert json.loads(Path("metrics.json").read_text())["metrics"] == trained
    assert f"{trained['test/loss']:.4f}" in capsys.readouterr().out


def test_evaluation_on_other_data(checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", f"ckpt={checkpoint}", "data=waves", "data.period=2", "data.examples=30"]) == 0
    assert "data=waves: 3 examples" in capsys.readouterr().out
    (tmp_path / "my, data.txt").write_text("012012012\n" * 20)
    assert main(["evaluate", f"ckpt={checkpoint}", "data.path=my, data.txt", "trainer=cpu"]) == 0
    assert "data=triples: 2 examples" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["data=wave"], "data=wave is not an option. Did you mean waves?"),
        (["data.lenth=9"], "data.lenth (TripleRecipe) is not a known key. Did you mean length?"),
        (["attention=gqa"], "attention cannot be changed in an evaluation"),
        (["data=triples,waves"], "data must be one value in a single run"),
    ],
)
def test_wrong_changes_are_told(
    checkpoint: Path, words: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", f"ckpt={checkpoint}", *words]) == 2
    assert text in " ".join(capsys.readouterr().err.split())


def test_prediction_of_a_text(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", f"ckpt={checkpoint}", "input=012210012"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["input"] == "012210012"
    assert sum(record["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert main(["predict", f"ckpt={checkpoint}", "input=012210012", "output=out, 1.jsonl"]) == 0
    assert json.loads(Path("out, 1.jsonl").read_text()) == record
    assert "1 predictions in " in capsys.readouterr().out


def test_wrong_predictions_are_told_together(checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", f"ckpt={checkpoint}", "temperature=1", "seed=x"]) == 2
    text = " ".join(capsys.readouterr().err.split())
    assert "input must be given" in text
    assert "temperature is not a known key of predict. Did you mean predict.temperature?" in text
    assert "seed must be an integer. Got 'x'." in text
    assert main(["predict", f"ckpt={checkpoint}", "input=01", "predict.batch_size=1"]) == 2
    assert "input must be 9 symbols of 0, 1 and 2. Got '01'." in capsys.readouterr().err


def test_a_checkpoint_that_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["evaluate"], ["predict", "input=x"]):
        assert main([*command, "ckpt=nowhere.ckpt"]) == 2
        assert "nowhere.ckpt" in capsys.readouterr().err
