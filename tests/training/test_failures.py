from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.training.failures import is_out_of_memory, not_finite, out_of_memory

Plan = Callable[..., Any]


def test_torch_s_own_out_of_memory_is_known() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60)
    assert is_out_of_memory(caught.value)
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB."))
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    assert not is_out_of_memory(ValueError("out of memory"))


def test_advice_for_memory_leaves_out_what_is_done_already(toy_plan: Plan) -> None:
    text = str(out_of_memory(toy_plan(data__batch_size=1, trainer__activation_checkpointing=True)))
    assert "batch_size=0" not in text
    assert "activation_checkpointing" not in text
    assert "model.dim below 16 or model.depth below 1" in text
    assert "trainer.precision" not in text


@pytest.mark.parametrize(("value", "said"), [(float("nan"), "NaN"), (float("inf"), "infinite")])
def test_a_broken_loss_is_told_with_its_steps(toy_plan: Plan, value: float, said: str) -> None:
    text = str(not_finite("train/loss", value, 40, 50, toy_plan(optim__lr=0.5)))
    assert text.startswith(f"train/loss became {said} between steps 40 and 50. Try: optim.lr=0.05 (it is 0.5)")
    assert "gradient_clip" not in text


def test_advice_for_a_broken_loss_names_what_is_missing(toy_plan: Plan) -> None:
    changes = {"optim__gradient_clip": None, "optim__warmup": 0.0, "trainer__precision": "bf16"}
    text = str(not_finite("train/loss", float("nan"), 0, 1, toy_plan(**changes)))
    assert "optim.gradient_clip=1.0; optim.warmup=0.1; trainer.precision=32" in text
