"""Dropout as a module."""

from __future__ import annotations

import pytest
import torch

from attnframe.blocks import Dropout


def test_it_drops_in_training_only() -> None:
    torch.manual_seed(0)
    module, x = Dropout(0.5), torch.ones(1000)
    assert 400 < (module(x) == 0).sum() < 600
    assert module.eval()(x) is x
    assert repr(module) == "Dropout(probability=0.5)"


def test_a_compiled_model_may_use_it() -> None:
    compiled = torch.compile(Dropout(0.5), backend="eager", fullgraph=True)
    out = compiled(torch.ones(10_000))
    assert (out == 0).float().mean().item() == pytest.approx(0.5, abs=0.03)
