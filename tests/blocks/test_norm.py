"""Norms against their formulas."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from attnframe.blocks import Norm, RMSNorm, make_norm


def test_rms_norm_equals_torch() -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 3, 8, dtype=torch.float64)
    ours, theirs = RMSNorm(8, eps=1e-3).double(), nn.RMSNorm(8, eps=1e-3).double()
    with torch.no_grad():
        theirs.weight.copy_(torch.randn(8))
        ours.weight.copy_(theirs.weight)
    torch.testing.assert_close(ours(x), theirs(x))
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x))


def test_rms_norm_gradients() -> None:
    torch.manual_seed(0)
    norm = RMSNorm(5, eps=1e-2).double()
    x = torch.randn(2, 3, 5, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, w: torch.func.functional_call(norm, {"weight": w}, (x,)), (x, weight))


def test_rms_norm_of_half_precision_does_not_overflow() -> None:
    x, norm = torch.full((2, 64), 3e4, dtype=torch.float16), RMSNorm(64)
    torch.testing.assert_close(norm(x), torch.ones(2, 64, dtype=torch.float16))
    with torch.no_grad():
        torch.testing.assert_close(norm(x), torch.ones(2, 64, dtype=torch.float16))


def test_rms_norm_of_zero_is_zero() -> None:
    x = torch.zeros(2, 4, requires_grad=True)
    out = RMSNorm(4)(x)
    out.sum().backward()
    assert torch.equal(out, torch.zeros(2, 4))
    assert x.grad is not None
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("name", ["layer", "rms"])
def test_norms_ignore_scale(name: Norm) -> None:
    torch.manual_seed(0)
    x = torch.randn(4, 16)
    norm = make_norm(name, 16)
    torch.testing.assert_close(norm(1000 * x), norm(100 * x), rtol=1e-4, atol=1e-4)


def test_layer_norm_has_mean_zero_and_deviation_one() -> None:
    torch.manual_seed(0)
    out = make_norm("layer", 64)(5 + 3 * torch.randn(10, 64))
    torch.testing.assert_close(out.mean(-1), torch.zeros(10), atol=1e-5, rtol=0)
    torch.testing.assert_close(out.std(-1, unbiased=False), torch.ones(10), atol=1e-4, rtol=0)


@pytest.mark.parametrize("name", ["layer", "rms"])
def test_norms_run_under_mixed_precision(name: Norm) -> None:
    torch.manual_seed(0)
    norm, x = make_norm(name, 16), torch.randn(3, 16)
    with torch.autocast("cpu", torch.bfloat16):
        out = norm(x.bfloat16())
        out.float().sum().backward()
    torch.testing.assert_close(out.float(), norm(x), atol=0.05, rtol=0.05)
    assert next(norm.parameters()).grad.isfinite().all()
