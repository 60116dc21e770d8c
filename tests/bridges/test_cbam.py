"""CBAM: channels by mean and maximum, then places."""

from __future__ import annotations

import pytest
import torch

from attnframe.bridges import CBAM, ChannelAttention, SpatialAttention
from attnframe.errors import ConfigurationError


def test_channels_by_hand() -> None:
    torch.manual_seed(0)
    layer, x = ChannelAttention(4, 2), torch.randn(2, 4, 3, 5)

    def perceptron(v: torch.Tensor) -> torch.Tensor:
        return layer.excite(torch.relu(layer.squeeze(v)))

    factors = torch.sigmoid(perceptron(x.mean((2, 3))) + perceptron(x.amax((2, 3))))
    torch.testing.assert_close(layer(x), x * factors[:, :, None, None])


def test_a_place_has_one_factor_that_hangs_on_its_surroundings_alone() -> None:
    torch.manual_seed(0)
    layer, x = SpatialAttention(3), torch.rand(1, 4, 7, 7) + 0.5
    factors = layer(x) / x
    torch.testing.assert_close(factors, factors[:, :1].expand_as(factors))
    changed = x.clone()
    changed[..., 0, 0] += 1
    moved = ((layer(changed) / changed)[0, 0] - factors[0, 0]).abs() > 1e-6
    assert moved.nonzero().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_cbam_is_both_in_order() -> None:
    torch.manual_seed(0)
    layer, x = CBAM(4, 2, 5), torch.randn(2, 4, 6, 6)
    torch.testing.assert_close(layer(x), layer.spatial(layer.channel(x)))


@pytest.mark.parametrize("size", [0, 4])
def test_a_kernel_must_have_a_middle(size: int) -> None:
    with pytest.raises(ConfigurationError, match=rf"kernel_size \(SpatialAttention\) must be odd .+ Got {size}"):
        CBAM(4, kernel_size=size)
