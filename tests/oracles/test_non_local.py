"""The non-local block against timm's (embedded Gaussian), and against the paper's formula (dot product)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from timm.layers import NonLocalAttn
from torch import Tensor
from torch.func import functional_call

from attnframe.bridges import NonLocal

C, HIDDEN = 12, 5


def test_equals_timm(agree: Callable[..., None]) -> None:
    """timm's batch norm behind the block, in evaluation with fresh statistics, is the factor of each channel."""
    torch.manual_seed(0)
    ours = NonLocal.embedded_gaussian(C, HIDDEN)
    ours.scale.data.uniform_(0.5, 1.5)
    maps: Any = ours.attention.projections
    peer = NonLocalAttn(C, use_scale=False, rd_channels=HIDDEN).eval()
    eps = (1 + peer.norm.eps) ** 0.5
    shared = {
        "fused": maps.input_proj.weight,
        "fused.bias": maps.input_proj.bias,
        "z.weight": maps.output_proj.weight,
        "z.bias": maps.output_proj.bias,
        "norm.weight": ours.scale,
    }
    copies = {name: parameter.detach().clone().requires_grad_() for name, parameter in shared.items()}

    def theirs(x: Tensor) -> Tensor:
        given = {"z.weight": copies["z.weight"][..., None, None], "z.bias": copies["z.bias"]}
        given["norm.weight"] = copies["norm.weight"] * eps
        for name, weight, bias in zip("tpg", copies["fused"].chunk(3), copies["fused.bias"].chunk(3), strict=True):
            given |= {f"{name}.weight": weight[..., None, None], f"{name}.bias": bias}
        out: Tensor = functional_call(peer, given, x)
        return out

    pairs = [(shared[name], copies[name]) for name in shared]
    agree(ours, theirs, torch.randn(2, C, 4, 5), pairs=pairs)


def test_the_dot_product_form_equals_the_formula(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    ours = NonLocal.dot_product(C, HIDDEN)
    ours.scale.data.uniform_(0.5, 1.5)
    maps: Any = ours.attention.projections

    def theirs(x: Tensor) -> Tensor:
        places = x.flatten(2)  # (B, C, N)
        theta, phi, g = (maps.input_proj.weight @ places + maps.input_proj.bias[:, None]).chunk(3, dim=1)
        mixed = g @ (phi.transpose(1, 2) @ theta) / places.shape[2]  # sum over j of (theta_i . phi_j) g_j
        out: Tensor = maps.output_proj.weight @ mixed + maps.output_proj.bias[:, None]
        return x + (ours.scale[:, None] * out).view(x.shape)

    agree(ours, theirs, torch.randn(2, C, 4, 5), pairs=[(p, p) for p in ours.parameters()])
