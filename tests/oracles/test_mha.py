"""Multi-head attention, self and cross, causal and padded, against torch's nn.MultiheadAttention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention
from attnframe.interpretation import capture
from attnframe.masks import Padding

B, D, C, H, T, S = 3, 32, 20, 4, 9, 11
VALID = torch.arange(T) < torch.tensor([[T], [4], [1]])


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_self_attention(agree: Callable[..., None], causal: bool, padded: bool) -> None:
    torch.manual_seed(0)
    peer = nn.MultiheadAttention(D, H, batch_first=True)
    layer = Attention(D, H, causal=causal, bias=True)
    maps: Any = layer.projections
    maps.input_proj.load_state_dict({"weight": peer.in_proj_weight, "bias": peer.in_proj_bias})
    maps.output_proj.load_state_dict(peer.out_proj.state_dict())
    hidden = torch.ones(T, T, dtype=torch.bool).triu(1) if causal else None
    seen = VALID.unsqueeze(-1) if padded else torch.ones(B, T, 1, dtype=torch.bool)

    def ours(x: Tensor) -> Tensor:
        return layer(x, mask=Padding(VALID) if padded else None) * seen

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, x, x, ~VALID if padded else None, need_weights=False, attn_mask=hidden)[0]
        return out * seen

    pairs = [
        (maps.input_proj.weight, peer.in_proj_weight),
        (maps.input_proj.bias, peer.in_proj_bias),
        (maps.output_proj.weight, peer.out_proj.weight),
        (maps.output_proj.bias, peer.out_proj.bias),
    ]
    agree(ours, theirs, torch.randn(B, T, D), pairs=pairs)


def test_cross_attention_over_another_width(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    peer = nn.MultiheadAttention(D, H, kdim=C, vdim=C, bias=False, batch_first=True)
    layer = Attention(D, H, context_dim=C)
    maps: Any = layer.projections
    with torch.no_grad():
        maps.query_proj.weight.copy_(peer.q_proj_weight)
        maps.input_proj.weight.copy_(torch.cat([peer.k_proj_weight, peer.v_proj_weight]))
        maps.output_proj.weight.copy_(peer.out_proj.weight)
    context = torch.randn(B, S, C)
    agree(
        lambda x: layer(x, context),
        lambda x: peer(x, context, context, need_weights=False)[0],
        torch.randn(B, T, D),
        pairs=[(maps.query_proj.weight, peer.q_proj_weight), (maps.output_proj.weight, peer.out_proj.weight)],
    )
    agree(
        lambda context: layer(torch.ones(B, T, D), context),
        lambda context: peer(torch.ones(B, T, D), context, context, need_weights=False)[0],
        context,
    )


def test_weights_by_head() -> None:
    """Captured weights are those that torch gives when it is asked for them."""
    torch.manual_seed(0)
    peer = nn.MultiheadAttention(D, H, bias=False, batch_first=True)
    layer = Attention(D, H)
    maps: Any = layer.projections
    maps.input_proj.load_state_dict({"weight": peer.in_proj_weight})
    x = torch.randn(B, T, D)
    with capture(layer) as captured:
        layer(x)
    torch.testing.assert_close(captured[""], peer(x, x, x, average_attn_weights=False)[1])
