"""Dilated windows against local-attention on every d-th token, and against fused attention under a mask drawn token by
token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from local_attention import LocalAttention
from torch import Tensor
from torch.nn import functional as F

from attnframe import Attention
from attnframe.attention.projections import SeparateProjections
from attnframe.attention.projections.base import join_heads, split_heads
from attnframe.recipes.attention.dilated import DilatedAttention

D, H, T = 32, 4, 240
BACKENDS = ("eager", "sdpa", "tiles")


def _around(layer: Attention, mix: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """The layer's own projections around another mixing of heads (B, H, T, E)."""
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)

    def theirs(x: Tensor) -> Tensor:
        query, key, value = (split_heads(part, H) for part in maps.input_proj(x).chunk(3, dim=-1))
        out: Tensor = maps.output_proj(join_heads(mix(query, key, value)))
        return out

    return theirs


def _pairs(layer: Attention) -> list[tuple[Any, Any]]:
    return [(one, one) for one in layer.parameters()]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("dilation", "window"), [(2, 3), (3, 2), (4, 3)])
def test_equals_local_attention_on_every_dth_token(
    agree: Callable[..., None], dilation: int, window: int, causal: bool, backend: Any
) -> None:
    torch.manual_seed(0)
    recipe = DilatedAttention(num_heads=H, window=window, dilation=dilation, backend=backend)
    layer = recipe.build(D, causal=causal)
    peer = LocalAttention(window, causal=causal, autopad=True, exact_windowsize=True, use_rotary_pos_emb=False)

    def mix(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        parts = [peer(*(one[:, :, phase::dilation] for one in (query, key, value))) for phase in range(dilation)]
        return torch.stack(parts, dim=3).flatten(2, 3)

    agree(layer, _around(layer, mix), torch.randn(2, T, D), pairs=_pairs(layer))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("causal", [True, False])
def test_heads_of_several_dilations_equal_fused_attention(
    agree: Callable[..., None], causal: bool, backend: Any
) -> None:
    torch.manual_seed(0)
    layer = DilatedAttention(num_heads=H, window=2, dilation=(1, 3), backend=backend).build(D, causal=causal)
    seen = torch.zeros(H, T, T, dtype=torch.bool)
    for head in range(H):
        for i in range(T):
            for step in range(-2, 1 if causal else 3):
                j = i + step * (1, 3)[head % 2]
                if 0 <= j < T:
                    seen[head, i, j] = True

    def mix(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(query, key, value, attn_mask=seen)

    agree(layer, _around(layer, mix), torch.randn(2, T, D), pairs=_pairs(layer))
