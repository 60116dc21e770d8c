"""Runs that begin with the weights of another."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.cli.main import main
from attnframe.config.check import check
from attnframe.errors import CheckpointError, ConfigurationError
from attnframe.plan import RunPlan
from attnframe.plugin.task_module import TaskModule
from attnframe.training.checkpoint import Checkpoint, Loaded, load_checkpoint
from attnframe.training.pretrained import Pretrained, take_weights
from attnframe.training.random_state import seed_everything
from attnframe.training.run import resume, train

Plan = Callable[..., Any]


def built(plan: RunPlan, seed: int = 0, **facts: Any) -> TaskModule:
    """The module of a plan with its nominal facts, some of them changed."""
    seed_everything(seed)
    return plan.task.build(plan.parts, {**plan.data.nominal_facts(), **facts}).eval()


def saved(plan: RunPlan, module: TaskModule, path: Path) -> Loaded:
    state = dict(module.state_dict())
    Checkpoint(values=plan.values, overrides=(), facts=module.facts, state=state, step=0, metrics={}).save(path)
    return load_checkpoint(path)


def state_of(path: Path) -> dict[str, Tensor]:
    state: dict[str, Tensor] = torch.load(path, weights_only=True)["state"]
    return {name: tensor.nan_to_num() for name, tensor in state.items()}


@pytest.fixture
def pretrained(toy_plan: Plan, tmp_path: Path) -> Path:
    """A checkpoint of the toy plugin."""
    return Path(train(toy_plan(trainer__max_steps=5, seed=1), tmp_path / "pretrained")["checkpoint"])


def test_rows_are_taken_by_their_names(tmp_path: Path) -> None:
    plan = check(["plugin=vision"]).plans[0]
    source = built(plan, seed=1)
    own = built(plan, classes=["7", "new", "3"])
    drawn = own.head.weight[1].clone()
    found = take_weights(own, saved(plan, source, tmp_path / "one.ckpt"))
    assert torch.equal(own.head.weight[[0, 2]], source.head.weight[[7, 3]])
    assert torch.equal(own.head.bias[[0, 2]], source.head.bias[[7, 3]])
    assert torch.equal(own.head.weight[1], drawn)
    assert found.fresh == ("head.weight", "head.bias")
    assert found.taken == sum(one.numel() for one in own.parameters()) - own.head.weight[1].numel() - 1
    assert torch.equal(own.network.stem.stages[0].weight, source.network.stem.stages[0].weight)


def test_words_keep_their_vectors_where_vocabularies_differ(tmp_path: Path) -> None:
    plan = check(["task=text_classification", "model.dim=32", "model.pairs=64"]).plans[0]

    def with_words(*words: str, seed: int) -> TaskModule:
        vocabulary = {"kind": "word", "lowercase": True, "pieces": words}
        return built(plan, seed, vocabulary=vocabulary, vocabulary_size=2 + len(words))

    source, own = with_words("red", "green", "blue", seed=1), with_words("blue", "grey", "red", seed=0)
    grey, pairs = own.embedding.tokens.weight[3].clone(), own.embedding.pairs.weight.clone()
    torch.nn.init.ones_(source.embedding.pairs.weight)
    found = take_weights(own, saved(plan, source, tmp_path / "one.ckpt"))
    assert torch.equal(own.embedding.tokens.weight[[0, 1, 2, 4]], source.embedding.tokens.weight[[0, 1, 4, 2]])
    assert torch.equal(own.embedding.tokens.weight[3], grey)
    assert torch.equal(own.embedding.pairs.weight, pairs)  # buckets of other ids
    assert {*found.fresh} == {"embedding.tokens.weight", "embedding.pairs.weight"}


def test_another_task_takes_the_blocks(tmp_path: Path) -> None:
    small = ["model.dim=32", "model.depth=2", "attention=mha", "attention.num_heads=2"]
    source_plan = check(["task=language_modeling", *small, "position=none", "model.mlp_ratio=2"]).plans[0]
    plan = check(["task=text_classification", *small, "position=none", "model.mlp_ratio=2"]).plans[0]
    source = built(source_plan, seed=1, vocabulary_size=256)
    own = built(plan, vocabulary={"lowercase": False, "tokenizer": {"name": "byte"}}, vocabulary_size=258)
    found = take_weights(own, saved(source_plan, source, tmp_path / "one.ckpt"))
    given, state = source.state_dict(), own.state_dict()
    blocks = [name for name in given if name.startswith("network.blocks.")]
    assert len(blocks) > 10
    for name in blocks:
        assert torch.equal(state[f"reader.level.encoder.{name.removeprefix('network.')}"], given[name])
    assert torch.equal(own.embedding.tokens.weight[2:], given["embedding.weight"])
    new = {"embedding.tokens.weight", "reader.level.encoder.norm.weight", "head.weight", "head.bias"}
    assert {*found.fresh} == new  # the tokens' table has two rows that no language model has: padding and the unknown


def test_ends_of_names_that_several_have_are_not_taken(tmp_path: Path) -> None:
    small = ["model.dim=32", "model.depth=1", "attention=mha", "attention.num_heads=2", "position=none"]
    source_plan = check(["task=language_modeling", *small, "model.mlp_ratio=4"]).plans[0]
    plan = check(["task=translation", *small, "model.mlp_ratio=4"]).plans[0]
    words = {"name": "word", "words": ["red"], "lower_case": True, "tokenised": True}
    own = built(plan, source_vocabulary=words, target_vocabulary=words, source_size=5, target_size=5)
    with pytest.raises(ConfigurationError, match="must hold weights that fit the model"):
        take_weights(own, saved(source_plan, built(source_plan, seed=1), tmp_path / "one.ckpt"))


def test_weights_that_do_not_fit_are_refused_by_name(toy_plan: Plan, pretrained: Path, tmp_path: Path) -> None:
    told = (
        r"ckpt \(.*best\.ckpt\) must hold weights that fit the model\. Got the weights of task=symbol_counting .*dim=16"
    )
    with pytest.raises(ConfigurationError, match=told):
        train(toy_plan(model__dim=24, ckpt=str(pretrained)), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_missing_checkpoint_is_told_before_data_are_read(toy_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"missing\.ckpt\) must be a checkpoint file\. Got no such file"):
        train(toy_plan(ckpt=str(tmp_path / "missing.ckpt"), data__path="nowhere"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_begins_where_the_other_ended(
    toy_plan: Plan, pretrained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train(toy_plan(ckpt=str(pretrained), optim__lr=1e-12, trainer__max_steps=1), tmp_path / "run")
    given, state = state_of(pretrained), state_of(tmp_path / "run/checkpoints/best.ckpt")
    for name, tensor in given.items():
        torch.testing.assert_close(state[name], tensor)
    assert f"attnframe: {pretrained} gave " in capsys.readouterr().err
    assert "gave" in (tmp_path / "run" / "run.log").read_text(encoding="utf-8")


def test_at_ratio_zero_what_was_given_stays(toy_plan: Plan, pretrained: Path, tmp_path: Path) -> None:
    fresh = {"encoder.norm.weight", "embedding.weight"}

    def part(module: TaskModule, source: Loaded) -> Pretrained:
        found = take_weights(module, source)
        names = tuple(name for name in found.names if name not in fresh)
        return Pretrained(names, found.taken, tuple(fresh))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("attnframe.training.run.take_weights", part)
        changes = {"ckpt": str(pretrained), "optim__pretrained_lr_ratio": 0.0, "optim__weight_decay": 0.5}
        train(toy_plan(**changes, trainer__max_steps=4), tmp_path / "run")
    given, state = state_of(pretrained), state_of(tmp_path / "run/checkpoints/last.ckpt")
    assert {name for name in given if not torch.equal(given[name], state[name])} == fresh


def test_nothing_to_train_is_refused(toy_plan: Plan, pretrained: Path, tmp_path: Path) -> None:
    told = r"optim\.pretrained_lr_ratio .* must be above 0, for ckpt gave every weight"
    with pytest.raises(ConfigurationError, match=told):
        train(toy_plan(ckpt=str(pretrained), optim__pretrained_lr_ratio=0.0), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_the_ratio_makes_steps_smaller(toy_plan: Plan, pretrained: Path, tmp_path: Path) -> None:
    changes = {"trainer__max_steps": 1, "optim__lr": 1e-2, "optim__warmup": 0.0, "optim__schedule": "constant"}
    moved = []
    for ratio in (1.0, 0.1):
        plan = toy_plan(ckpt=str(pretrained), optim__pretrained_lr_ratio=ratio, optim__weight_decay=0.0, **changes)
        train(plan, tmp_path / str(ratio))
        state = state_of(tmp_path / str(ratio) / "checkpoints/last.ckpt")
        moved.append(state["head.weight"] - state_of(pretrained)["head.weight"])
    assert moved[0].abs().max() > 1e-3
    torch.testing.assert_close(moved[1], 0.1 * moved[0], rtol=1e-3, atol=1e-6)


def test_a_ratio_without_a_checkpoint_is_refused(toy_plan: Plan) -> None:
    told = r"optim\.pretrained_lr_ratio .*must be 1 in a run that begins with fresh weights.* Give ckpt=FILE"
    with pytest.raises(ConfigurationError, match=told):
        toy_plan(optim__pretrained_lr_ratio=0.1)


@pytest.fixture
def interrupted(toy_plan: Plan, pretrained: Path, tmp_path: Path) -> Path:
    """A run with small steps for what was given, stopped on its way, and its checkpoint gone."""
    folder = tmp_path / "run"

    def interrupt() -> None:
        while not (folder / "metrics.csv").exists() or "\n" not in (folder / "metrics.csv").read_text():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        train(toy_plan(ckpt=str(pretrained), optim__pretrained_lr_ratio=0.1, trainer__max_epochs=2000), folder)
    pretrained.unlink()
    return folder


def test_a_stopped_run_goes_on_without_the_file(interrupted: Path) -> None:
    last = torch.load(interrupted / "checkpoints/last.ckpt", weights_only=True)["training"]
    assert "head.weight" in last["pretrained"]
    assert {group["ratio"] for group in last["optimiser"]["param_groups"]} == {0.1}
    config = (interrupted / "config.yaml").read_text(encoding="utf-8")
    (interrupted / "config.yaml").write_text(config.replace("max_epochs: 2000", "max_epochs: 1"), encoding="utf-8")
    assert resume(interrupted)["status"] == "ok"


def test_check_tells_of_a_missing_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "plugin=vision", "ckpt=none.ckpt"]) == 2
    assert f"ckpt must exist. Got '{tmp_path / 'none.ckpt'}'." in " ".join(capsys.readouterr().err.split())
