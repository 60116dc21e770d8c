"""The Python surface on the toy plugin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import attnframe
from attnframe.errors import ConfigurationError

SMALL = ("plugin=toy", "model.dim=8", "trainer.max_steps=5", "trainer.progress=false", "floor=false")


@pytest.fixture(autouse=True)
def _here(toy_values: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Installs the toy plugin and works in an empty folder."""
    monkeypatch.chdir(tmp_path)


def test_compose_gives_the_resolved_configuration() -> None:
    cfg = attnframe.compose([*SMALL, "attention=gqa", "optim.lr=0.01"])
    assert (cfg["task"], cfg["data"]["name"], cfg["attention"]["name"]) == ("symbol_counting", "symbols", "gqa")
    assert cfg["optim"]["lr"] == 0.01


def test_compose_tells_every_fault() -> None:
    with pytest.raises(ConfigurationError) as caught:
        attnframe.compose([*SMALL, "attention=gqqa", "optim.lrr=0.01"])
    assert len(caught.value.faults) == 2


def test_a_configuration_can_be_changed_and_trained() -> None:
    cfg = attnframe.compose(SMALL)
    cfg["seed"] = 3
    result = attnframe.train(cfg)
    assert (result["status"], result["seed"]) == ("ok", 3)
    assert Path(result["checkpoint"]).is_file()
    assert Path(result["checkpoint"]).resolve().is_relative_to(Path.cwd() / "runs" / "toy-symbol_counting")


def test_overrides_can_be_trained_into_a_folder() -> None:
    result = attnframe.train(SMALL, "here")
    assert result["checkpoint"] == "here/checkpoints/best.ckpt"


def test_a_changed_configuration_is_checked() -> None:
    cfg = attnframe.compose(SMALL)
    cfg["attention"]["num_heads"] = 3
    with pytest.raises(ConfigurationError, match=r"attention\.num_heads .* must divide model\.dim=8"):
        attnframe.train(cfg)


def test_a_sweep_gives_a_row_a_run() -> None:
    table = attnframe.sweep([[*SMALL, "attention=mha,none"], attnframe.compose([*SMALL, "seed=7"])])
    assert table["attention"].tolist() == ["mha", "none", "mha"]
    assert table["seed"].tolist() == [0, 0, 7]
    assert (table["status"] == "ok").all()
    assert table["test/accuracy"].between(0, 1).all()


def test_a_sweep_goes_on_after_a_failed_run() -> None:
    table = attnframe.sweep([[*SMALL, "data.hoard=true,false"]])
    assert table["status"].tolist() == ["failed", "ok"]
    assert "ran out of memory" in table["error"][0]


def test_a_fault_anywhere_stops_a_sweep_before_its_first_run() -> None:
    with pytest.raises(ConfigurationError, match=r"model\.dimm"):
        attnframe.sweep([SMALL, [*SMALL, "model.dimm=8"]])
    assert not Path("runs").exists()


def test_a_loaded_model_predicts_and_evaluates() -> None:
    result = attnframe.train([*SMALL[:2], "trainer.max_steps=60", *SMALL[3:]])
    model = attnframe.load(result["checkpoint"])
    assert model.evaluate() == result["metrics"]
    assert model.evaluate({"size": 1000}) != result["metrics"]
    (record,) = model.predict("aabaacaadaaa")
    (same,) = model.predict([[0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 0]])
    assert record["probabilities"] == same["probabilities"]
    assert not model.module.training
