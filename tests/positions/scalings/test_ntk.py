from __future__ import annotations

import pytest
import torch

from attnframe.positions import NtkScaling, Rotary


def test_is_the_same_as_a_larger_base() -> None:
    torch.manual_seed(0)
    x, at = torch.randn(1, 2, 6, 16), torch.arange(6)[None] * 50
    scaled = Rotary(16, 10000.0, NtkScaling(4.0)).rotate(x, at)
    torch.testing.assert_close(scaled, Rotary(16, 10000.0 * 4.0 ** (16 / 14)).rotate(x, at), rtol=1e-4, atol=1e-4)


def test_the_fastest_feature_is_kept() -> None:
    frequency = torch.tensor([1.0, 0.1, 0.01])
    assert NtkScaling(8.0).scaled(frequency, 1000.0)[0] == 1
    assert NtkScaling(8.0).scaled(frequency[:1], 1000.0).tolist() == [1]


def test_the_factor_for_a_length() -> None:
    assert NtkScaling.for_length(4096, 1024).factor == 4
    assert NtkScaling.for_length(512, 1024).factor == 1
    assert NtkScaling.for_length(2048, 1024, factor=3.0).factor == pytest.approx(4)
