"""Gradient norms and logits of single layers in metrics.csv."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from attnframe.errors import ConfigurationError, RunError
from attnframe.models import Encoder
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.training.layer_watch import LayerWatch, gradient_norms, parameter_groups
from attnframe.training.run import resume, train

Plan = Callable[..., Any]


def rows(folder: Path) -> list[dict[str, str]]:
    with open(folder / "metrics.csv", newline="") as file:
        return [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(folder / "checkpoints/last.ckpt", weights_only=True)["state"]
    return {name: tensor.nan_to_num() for name, tensor in state.items()}  # the toy's embedding of its poison is nan


def test_parameters_are_grouped_by_block() -> None:
    model = nn.ModuleDict({"embed": nn.Linear(2, 8), "encoder": Encoder(8, 2, MultiHeadAttention(num_heads=2))})
    model.register_parameter("token", nn.Parameter(torch.zeros(8)))
    model["embed"].bias.requires_grad_(False)
    groups = parameter_groups(model)
    assert sorted(groups) == ["embed", "encoder.blocks.0", "encoder.blocks.1", "encoder.norm", "token"]
    assert len(groups["embed"]) == 1
    assert sum(map(len, groups.values())) == sum(parameter.requires_grad for parameter in model.parameters())


def test_norms_are_those_of_the_whole_group() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2), nn.Linear(2, 2))
    model[:2](torch.randn(5, 3)).square().sum().backward()
    norms = gradient_norms(parameter_groups(model))
    assert list(norms) == ["0", "1"]  # nothing has reached the last
    whole = torch.cat([model[0].weight.grad.flatten(), model[0].bias.grad])
    assert norms["0"] == pytest.approx(whole.norm().item())


def test_a_step_is_looked_at_when_it_is_due_and_all_its_batches_count() -> None:
    model = Encoder(8, 1, MultiHeadAttention(num_heads=2))
    watch = LayerWatch(model, lambda step: step == 2)
    sizes = []
    for step, batches in ((1, 1), (2, 2), (3, 1)):
        for _ in range(batches):
            watch.begin(step)
            model(torch.randn(2, 3, 8)).square().sum().backward()
        watch.end()
        model.eval()(torch.randn(1, 3, 8))  # a validation is not looked at
        sizes.append(watch.take())
    assert sizes[0] == sizes[2] == {}
    assert set(sizes[1]) == set(watch.columns)
    assert all(math.isfinite(value) for value in sizes[1].values())
    assert watch.take() == {}


def test_watching_writes_every_layer_and_changes_no_bit(toy_plan: Plan, tmp_path: Path) -> None:
    common = {"trainer__max_epochs": 1, "trainer__log_every_steps": 4, "model__dropout": 0.1}
    plain = train(toy_plan(**common), tmp_path / "plain")
    watched = train(toy_plan(**common, trainer__watch_layers=True), tmp_path / "watched")
    assert watched["metrics"] == plain["metrics"]
    first, second = weights(tmp_path / "plain"), weights(tmp_path / "watched")
    assert all(torch.equal(first[name], second[name]) for name in first)
    before, found = rows(tmp_path / "plain"), rows(tmp_path / "watched")
    new = set(found[0]) - set(before[0])
    assert {name.split("/")[0] for name in new} == {"gradient_norm", "max_logit", "log_sum_exp"}
    assert [{name: row[name] for name in before[0]} for row in found] == before
    assert [row["step"] for row in found] == ["4", "8", "10"]
    assert all(row[name] for row in found for name in new)
    squares = sum(float(found[0][name]) ** 2 for name in new if name.startswith("gradient_norm/"))
    assert squares > 0


def test_a_resumed_run_logs_the_same_rows(toy_plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = toy_plan(
        trainer__watch_layers=True, trainer__max_steps=9, trainer__log_every_steps=2, optim__accumulate=2,
        trainer__checkpoint_every_seconds=0.0,
    )  # fmt: skip
    train(plan, tmp_path / "whole")
    end, ended = LayerWatch.end, []

    def fail(watch: LayerWatch) -> None:
        ended.append(watch)
        if len(ended) == 6:
            raise RuntimeError("on purpose")
        end(watch)

    monkeypatch.setattr(LayerWatch, "end", fail)
    with pytest.raises(RunError, match="on purpose"):
        train(plan, tmp_path / "cut")
    assert 0 < len(rows(tmp_path / "cut")) < len(rows(tmp_path / "whole"))
    resume(tmp_path / "cut")
    assert rows(tmp_path / "cut") == rows(tmp_path / "whole")


def test_compiled_runs_cannot_be_watched(toy_plan: Plan) -> None:
    with pytest.raises(ConfigurationError, match=r"trainer.watch_layers \(TrainerRecipe\) must be false with compile"):
        toy_plan(trainer__watch_layers=True, trainer__compile=True)
