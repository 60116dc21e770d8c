"""CBAM against timm's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from timm.layers.cbam import CbamModule
from torch import Tensor
from torch.func import functional_call

from attnframe.bridges import CBAM


@pytest.mark.parametrize(("channels", "reduction", "kernel"), [(32, 16, 7), (12, 4, 3)])
def test_equals_timm(channels: int, reduction: int, kernel: int, agree: Callable[..., None]) -> None:
    """timm normalises the spatial map by a batch norm, as the paper's code does; in evaluation its running statistics
    and weights are a factor and a shift, which our convolution's bias takes over.
    """
    torch.manual_seed(0)
    ours = CBAM(channels, reduction, kernel)
    peer = CbamModule(channels, rd_channels=channels // reduction, spatial_kernel_size=kernel).eval()
    norm = peer.spatial.conv.bn
    norm.running_mean.fill_(0.3)
    norm.running_var.fill_(1.7)
    shrunk = (norm.running_var + norm.eps).sqrt()
    shared = {
        "channel.fc1.weight": ours.channel.squeeze.weight,
        "channel.fc2.weight": ours.channel.excite.weight,
        "spatial.conv.conv.weight": ours.spatial.convolution.weight,
        "spatial.conv.bn.bias": ours.spatial.convolution.bias,
    }
    copies = {name: parameter.detach().clone().requires_grad_() for name, parameter in shared.items()}

    def theirs(x: Tensor) -> Tensor:
        given = {name: copy if copy.dim() != 2 else copy[..., None, None] for name, copy in copies.items()}
        given["spatial.conv.bn.weight"] = shrunk
        given["spatial.conv.bn.bias"] = given["spatial.conv.bn.bias"] + norm.running_mean
        out: Tensor = functional_call(peer, given, x)
        return out

    pairs = [(shared[name], copies[name]) for name in shared]
    agree(ours, theirs, torch.randn(3, channels, 6, 9), pairs=pairs)
