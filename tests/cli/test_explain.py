"""`attnframe explain`: from the checkpoint alone, and every wrong word told at once."""

import json
from pathlib import Path

import pytest

from attnframe.cli.explain import read_options
from attnframe.cli.main import main
from attnframe.errors import ConfigurationError


@pytest.fixture
def checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    words = ["plugin=nlp", "task=sequence_tagging", "model.dim=16", "model.depth=1", "attention.num_heads=2"]
    words += ["trainer.max_steps=1", "trainer.limit_batches=1", "floor=false", "hydra.run.dir=run"]
    assert main(["train", *words]) == 0
    capsys.readouterr()
    return tmp_path / "run" / "checkpoints" / "best.ckpt"


def test_a_sentence_is_explained(checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = ["explain.orders=2", "explain.steps=2", "explain.heads=1"]
    assert main(["explain", f"ckpt={checkpoint}", "input=play blue monday", "output=why, then", *few]) == 0
    shown = capsys.readouterr().out
    assert "play blue monday: The model says: " in shown
    assert "by attention: " in shown
    assert f"explained in {tmp_path / 'why, then' / 'explanation.html'}" in shown
    told = json.loads((tmp_path / "why, then" / "explanation.json").read_text(encoding="utf-8"))
    assert told["explanations"][0]["deletion"]["random_orders"] == 2

    (tmp_path / "lines.txt").write_text("play\ncall me\n")
    named = ["input=lines.txt", "output=why, then", "explain.named=lines.txt:2"]
    assert main(["explain", f"ckpt={checkpoint}", *named, *few]) == 0
    assert "lines.txt:2: " in capsys.readouterr().out

    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.tex").write_text("x")
    assert main(["explain", f"ckpt={checkpoint}", "input=play", "output=thesis", *few]) == 2
    assert "must not hold anything else" in " ".join(capsys.readouterr().err.split())
    assert main(["explain", f"ckpt={checkpoint}", "input=play", "explain.orders=1", "explain.inputs=0"]) == 2
    text = " ".join(capsys.readouterr().err.split())
    assert "explain.orders (ExplainRecipe) must be an integer at least 2" in text
    assert "explain.inputs (ExplainRecipe) must be an integer at least 1" in text


def test_what_is_missing_or_unknown_is_told_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "input=x", "orders=3", "explain.order=3,4"]) == 2
    text = " ".join(capsys.readouterr().err.split())
    assert "ckpt must be given" in text
    assert "orders is not a known key of explain. Did you mean predict.orders or explain.orders" in text
    assert "explain.order must be one value in a single run" in text
    assert main(["explain", "ckpt=nowhere.ckpt", "input=x"]) == 2
    assert "nowhere.ckpt" in capsys.readouterr().err


def test_options_go_to_whom_they_are_for() -> None:
    assert read_options(["explain.inputs=3", "predict.adapt=never"]) == {
        "explain": {"inputs": 3},
        "predict": {"adapt": "never"},
    }
    with pytest.raises(ConfigurationError, match="model is not a known key of explain"):
        read_options(["model=x"])
