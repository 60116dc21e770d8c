"""The norm and gate of heads against torch's operators one by one."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from attnframe.attention.mixers.head_norm import HeadNorm


@pytest.mark.parametrize("gated", [False, True])
def test_equals_the_operators_forward_and_gradient(gated: bool) -> None:
    norm = HeadNorm(6).double()
    torch.nn.init.normal_(norm.weight)
    x = torch.randn(2, 5, 3, 6, dtype=torch.float64).transpose(1, 2).requires_grad_()
    gate = torch.randn(2, 5, 3, 8, dtype=torch.float64)[..., :6].transpose(1, 2).requires_grad_() if gated else None
    inputs = [one for one in (x, gate, norm.weight) if one is not None]
    out = norm(x, gate)
    expected = F.rms_norm(x, (6,), norm.weight, 1e-5) * (1.0 if gate is None else F.silu(gate))
    torch.testing.assert_close(out, expected)
    direction = torch.randn_like(out)
    slopes = [torch.autograd.grad((one * direction).sum(), inputs) for one in (out, expected)]
    torch.testing.assert_close(*slopes)
    with torch.no_grad():
        torch.testing.assert_close(norm(x, gate), expected)


def test_zero_stays_zero_with_a_finite_gradient() -> None:
    x, gate = torch.zeros(2, 4, requires_grad=True), torch.randn(2, 4, requires_grad=True)
    out = HeadNorm(4)(x, gate)
    assert not out.any()
    assert all(slope.isfinite().all() for slope in torch.autograd.grad(out.sum(), (x, gate)))


def test_half_precision_is_computed_in_single() -> None:
    x = torch.full((1, 4), 300.0, dtype=torch.float16)
    out = HeadNorm(4).half()(x, None)
    assert out.dtype == torch.float32
    torch.testing.assert_close(out, torch.ones(1, 4))
