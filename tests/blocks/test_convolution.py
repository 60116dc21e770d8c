"""The convolution module: its formula, padding and refusals."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from attnframe.blocks import ConvolutionModule
from attnframe.errors import ConfigurationError


@pytest.fixture
def module() -> ConvolutionModule:
    torch.manual_seed(0)
    return ConvolutionModule(6, kernel_size=5).double()


def test_equals_its_formula(module: ConvolutionModule) -> None:
    x = torch.randn(2, 9, 6, dtype=torch.float64)
    value, gate = module.hidden(x).chunk(2, -1)
    gated = F.pad(value * gate.sigmoid(), (0, 0, 2, 2))
    kernel = module.depthwise.weight.squeeze(1)  # (D, 5)
    mixed = torch.stack([(gated[:, t : t + 5] * kernel.T).sum(1) for t in range(9)], 1)
    normed = F.layer_norm(mixed, (6,), module.norm.weight)
    torch.testing.assert_close(module(x), module.output(normed * normed.sigmoid()))


def test_padding_is_as_what_lies_beyond_the_end(module: ConvolutionModule) -> None:
    x = torch.randn(1, 9, 6, dtype=torch.float64)
    valid = torch.arange(9).unsqueeze(0) < 6
    torch.testing.assert_close(module(x, valid)[:, :6], module(x[:, :6]))


def test_a_position_sees_half_the_kernel_on_each_side(module: ConvolutionModule) -> None:
    x = torch.randn(1, 9, 6, dtype=torch.float64)
    changed = x.clone()
    changed[:, 4] += 1
    moved = (module(changed) - module(x)).abs().amax((0, 2)) > 1e-9
    assert moved.nonzero().flatten().tolist() == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("kernel_size", [0, 4, -1])
def test_an_even_kernel_is_refused(kernel_size: int) -> None:
    with pytest.raises(ConfigurationError, match=f"must be odd and at least 1. Got {kernel_size}"):
        ConvolutionModule(6, kernel_size)
