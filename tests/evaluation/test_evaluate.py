from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attnframe.errors import CheckpointError, ConfigurationError, DataError
from attnframe.evaluation.evaluate import changed_plan, evaluate
from attnframe.training.run import train


@pytest.fixture
def run(toy_plan: Callable[..., Any], tmp_path: Path) -> dict[str, Any]:
    return train(toy_plan(), tmp_path / "run")


def test_a_checkpoint_alone_gives_the_metrics_of_its_run(run: dict[str, Any]) -> None:
    found = evaluate(run["checkpoint"])
    assert found["metrics"] == run["metrics"]
    assert found["examples"] == 40
    assert (found["plugin"], found["task"], found["data"]) == ("toy", "symbol_counting", "symbols")


def test_a_run_that_was_moved_is_evaluated_too(run: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "run").rename(tmp_path / "moved")
    found = evaluate(tmp_path / "moved/checkpoints/best.ckpt")
    assert found["metrics"] == run["metrics"]


def test_the_batch_size_changes_no_metric_beyond_rounding(run: dict[str, Any]) -> None:
    found = evaluate(run["checkpoint"], {"data": {"batch_size": 7}})["metrics"]
    assert found["test/accuracy"] == run["metrics"]["test/accuracy"]
    assert found["test/loss"] == pytest.approx(run["metrics"]["test/loss"], rel=1e-6)


def test_other_data_of_the_same_kind_is_evaluated(run: dict[str, Any]) -> None:
    found = evaluate(run["checkpoint"], {"data": {"size": 1000}})
    assert found["examples"] == 100
    assert found["metrics"] != run["metrics"]


def test_a_node_of_another_name_replaces_the_whole_node(toy_plan: Callable[..., Any]) -> None:
    plan = toy_plan(data__size=50)
    assert changed_plan(plan, {"data": {"batch_size": 3}}).data.size == 50
    with pytest.raises(ConfigurationError, match=r"data=letters is not an option of task=symbol_counting"):
        changed_plan(plan, {"data": {"name": "letters"}})


@pytest.mark.parametrize("change", [{"model": {"dim": 8}}, {"attention": {"name": "none"}}, {"optim": {"lr": 1}}])
def test_what_was_trained_cannot_be_changed(run: dict[str, Any], change: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be changed in an evaluation\. Possible: data, trainer"):
        evaluate(run["checkpoint"], change)


def test_wrong_data_is_refused(run: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"data\.path \(nowhere\) must not be given"):
        evaluate(run["checkpoint"], {"data": {"path": "nowhere"}})


def test_data_that_the_checkpoint_does_not_know_is_refused(
    run: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from attnframe_toy.plugin import SymbolRecipe

    other = {"symbols": ["w", "x", "y", "z"], "length": 12}
    monkeypatch.setattr(SymbolRecipe, "nominal_facts", lambda self: other)
    with pytest.raises(DataError, match="must have the symbols of the checkpoint"):
        evaluate(run["checkpoint"])


def test_facts_that_differ_in_the_end_are_refused(run: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from attnframe_toy.data import SymbolData

    setup = SymbolData.setup

    def careless(self: Any) -> None:
        self.known_facts = None
        setup(self)
        self.facts = {**self.facts, "symbols": ["w", "x", "y", "z"]}

    monkeypatch.setattr(SymbolData, "setup", careless)
    with pytest.raises(
        DataError, match=r"data=symbols must have the symbols that the checkpoint was trained with: \['a'"
    ):
        evaluate(run["checkpoint"])


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such file"):
        evaluate(tmp_path / "best.ckpt")
