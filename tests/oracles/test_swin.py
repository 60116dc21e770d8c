"""Swin's relative position bias against timm's window attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from timm.models.swin_transformer import WindowAttention

from attnframe.attention.layer import Attention
from attnframe.positions import SwinBias, grid

D, H = 32, 4


@pytest.mark.parametrize("size", [(4, 4), (3, 5)])
def test_equals_timm(size: tuple[int, int], agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    peer, bias = WindowAttention(D, H, window_size=size).eval(), SwinBias(H, *size)
    torch.nn.init.normal_(peer.relative_position_bias_table)
    layer = Attention(D, H, position=bias, bias=True).eval()
    maps: Any = layer.projections
    maps.input_proj.load_state_dict(peer.qkv.state_dict())
    maps.output_proj.load_state_dict(peer.proj.state_dict())
    bias.table.data = peer.relative_position_bias_table.data.clone()
    places = grid(*size)
    pairs = [
        (maps.input_proj.weight, peer.qkv.weight),
        (maps.output_proj.weight, peer.proj.weight),
        (bias.table, peer.relative_position_bias_table),
    ]
    agree(lambda x: layer(x, positions=places), peer, torch.randn(2, size[0] * size[1], D), pairs=pairs)
