"""Softmax plus one against torch's nn.MultiheadAttention with a key and a value of zeros (add_zero_attn)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe.recipes.attention.mha import MultiHeadAttention

D, H, T = 32, 4, 9


@pytest.mark.parametrize("backend", ["auto", "eager"])
@pytest.mark.parametrize("causal", [True, False])
def test_equals_torch(agree: Callable[..., None], backend: Any, causal: bool) -> None:
    torch.manual_seed(0)
    peer = nn.MultiheadAttention(D, H, bias=False, add_zero_attn=True, batch_first=True)
    layer = MultiHeadAttention(num_heads=H, normaliser="softmax_plus_one", backend=backend).build(D, causal=causal)
    maps: Any = layer.projections
    maps.input_proj.load_state_dict({"weight": peer.in_proj_weight})
    maps.output_proj.load_state_dict({"weight": peer.out_proj.weight})
    hidden = torch.ones(T, T, dtype=torch.bool).triu(1) if causal else None

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, x, x, need_weights=False, attn_mask=hidden)[0]
        return out

    pairs = [(maps.input_proj.weight, peer.in_proj_weight), (maps.output_proj.weight, peer.out_proj.weight)]
    agree(layer, theirs, torch.randn(2, T, D), pairs=pairs)
