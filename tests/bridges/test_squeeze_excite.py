"""Squeeze-and-excitation: factors of channels, of each example's own."""

from __future__ import annotations

import pytest
import torch

from attnframe.bridges import SqueezeExcite
from attnframe.errors import ConfigurationError


@pytest.mark.parametrize("places", [(5,), (3, 4), (2, 3, 4)])
def test_every_channel_has_one_factor_between_0_and_1(places: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    x = torch.rand(3, 8, *places) + 0.5
    factors = (SqueezeExcite(8, 2)(x) / x).flatten(2)
    torch.testing.assert_close(factors, factors[..., :1].expand_as(factors))
    assert 0 < factors.min() < factors.max() < 1
    assert not torch.allclose(factors[0], factors[1])


def test_hidden_units_never_vanish_and_sizes_are_checked() -> None:
    assert SqueezeExcite(8, 100).squeeze.out_features == 1
    with pytest.raises(ConfigurationError, match=r"reduction \(SqueezeExcite\) must be at least 1. Got 0"):
        SqueezeExcite(8, 0)
