"""Squeeze-and-excitation against timm's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from timm.layers import SqueezeExcite as Peer
from torch import Tensor
from torch.func import functional_call

from attnframe.bridges import SqueezeExcite


@pytest.mark.parametrize(("channels", "reduction"), [(32, 16), (24, 3), (8, 2)])
def test_equals_timm(channels: int, reduction: int, agree: Callable[..., None]) -> None:
    """timm's maps are 1 x 1 convolutions, whose weights have two axes more."""
    torch.manual_seed(0)
    ours = SqueezeExcite(channels, reduction)
    peer = Peer(channels, rd_channels=channels // reduction)
    shared = {
        "fc1.weight": ours.squeeze.weight,
        "fc1.bias": ours.squeeze.bias,
        "fc2.weight": ours.excite.weight,
        "fc2.bias": ours.excite.bias,
    }
    copies = {name: parameter.detach().clone().requires_grad_() for name, parameter in shared.items()}

    def theirs(x: Tensor) -> Tensor:
        given = {name: copy if copy.dim() == 1 else copy[..., None, None] for name, copy in copies.items()}
        out: Tensor = functional_call(peer, given, x)
        return out

    pairs = [(shared[name], copies[name]) for name in shared]
    x = torch.randn(3, channels, 5, 7) + torch.randn(3, channels, 1, 1)
    agree(ours, theirs, x, pairs=pairs)
