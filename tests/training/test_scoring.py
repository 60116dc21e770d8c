from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.training.scoring import score

Plan = Callable[..., Any]


@pytest.fixture
def parts(toy_plan: Plan) -> tuple[Any, Any, Any]:
    plan = toy_plan()
    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=0)
    data.setup()
    torch.manual_seed(0)
    return plan, data, plan.task.build(plan.parts, data.facts)


def test_loss_and_metrics_are_means_over_the_examples(parts: tuple[Any, Any, Any]) -> None:
    plan, data, module = parts
    whole = data.val.batch(torch.arange(len(data.val)))
    with torch.no_grad():
        outputs = module.eval()(whole)
    loss = torch.nn.functional.cross_entropy(outputs, whole["labels"]).item()
    accuracy = (outputs.argmax(1) == whole["labels"]).float().mean().item()
    for batch_size in (1, 7, 40):  # 7 leaves a smaller last batch, which must not weigh more
        found = score(module, data.val, "val", batch_size=batch_size, trainer=plan.trainer)
        assert found == pytest.approx({"val/loss": loss, "val/accuracy": accuracy}, rel=1e-5)


def test_dropout_is_off_and_gradients_are_not_kept(toy_plan: Plan, parts: tuple[Any, Any, Any]) -> None:
    _, data, _ = parts
    plan = toy_plan(model__dropout=0.5)
    module = plan.task.build(plan.parts, data.facts).train()
    first, second = (score(module, data.val, "val", batch_size=16, trainer=plan.trainer) for _ in range(2))
    assert first == second
    assert not module.training
    assert all(parameter.grad is None for parameter in module.parameters())


def test_the_limit_and_the_call_after_each_batch(toy_plan: Plan, parts: tuple[Any, Any, Any]) -> None:
    _, data, module = parts
    calls: list[int] = []
    trainer = toy_plan(trainer__limit_batches=3).trainer
    score(module, data.val, "val", batch_size=4, trainer=trainer, after_batch=lambda: calls.append(1))
    assert len(calls) == 3


def test_bf16_is_near_the_full_precision(toy_plan: Plan, parts: tuple[Any, Any, Any]) -> None:
    plan, data, module = parts
    full = score(module, data.val, "val", batch_size=16, trainer=plan.trainer)
    half = score(module, data.val, "val", batch_size=16, trainer=toy_plan(trainer__precision="bf16").trainer)
    assert half["val/loss"] != full["val/loss"]
    assert half["val/loss"] == pytest.approx(full["val/loss"], rel=0.02)


def test_a_module_knows_when_the_test_part_is_scored(parts: tuple[Any, Any, Any]) -> None:
    plan, data, module = parts
    for stage, final in (("val", False), ("test", True), ("val", False)):
        score(module, data.val, stage, batch_size=16, trainer=plan.trainer)
        assert module.final is final


def test_final_metrics_stand_beside_those_of_the_test_batches(parts: tuple[Any, Any, Any]) -> None:
    plan, data, module = parts

    def returns() -> dict[str, float]:
        assert not module.training
        assert not torch.is_grad_enabled()
        return {"return": torch.ones(3).sum().item()}

    module.final_metrics = returns
    found = score(module, data.test, "test", batch_size=16, trainer=plan.trainer)
    assert list(found) == ["test/loss", "test/accuracy", "test/return"]
    assert found["test/return"] == 3.0
    assert "val/return" not in score(module, data.val, "val", batch_size=16, trainer=plan.trainer)
