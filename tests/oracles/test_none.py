"""Uniform weights against torch's nn.MultiheadAttention whose queries are 0, so that all scores are equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe.recipes.attention.none import NoAttention

D, H, T = 32, 4, 9


@pytest.mark.parametrize("causal", [False, True])
def test_equals_torch(agree: Callable[..., None], causal: bool) -> None:
    torch.manual_seed(0)
    peer = nn.MultiheadAttention(D, H, bias=False, batch_first=True)
    layer = NoAttention(num_heads=H).build(D, causal=causal)
    maps: Any = layer.projections
    with torch.no_grad():
        peer.in_proj_weight[:D] = 0
    maps.input_proj.load_state_dict({"weight": peer.in_proj_weight[2 * D :]})
    maps.output_proj.load_state_dict({"weight": peer.out_proj.weight})
    hidden = torch.ones(T, T, dtype=torch.bool).triu(1) if causal else None

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, x, x, need_weights=False, attn_mask=hidden)[0]
        return out

    agree(layer, theirs, torch.randn(2, T, D), pairs=[(maps.output_proj.weight, peer.out_proj.weight)])
