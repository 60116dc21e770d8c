"""ALiBi against Bloom's attention in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import BloomConfig
from transformers.models.bloom.modeling_bloom import BloomAttention, build_alibi_tensor

from attnframe.attention.layer import Attention
from attnframe.positions import Alibi

T = 11


@pytest.mark.parametrize("heads", [1, 4, 6])
def test_equals_bloom(heads: int, agree: Callable[..., None]) -> None:
    """Bloom's bias grows with the key's position alone; softmax does not see the difference."""
    dim = 8 * heads
    torch.manual_seed(0)
    config = BloomConfig(hidden_size=dim, n_head=heads, hidden_dropout=0.0, attention_dropout=0.0)
    peer = BloomAttention(config, 0).eval()
    layer = Attention(dim, heads, causal=True, position=Alibi(heads), bias=True).eval()
    maps: Any = layer.projections
    fused = peer.query_key_value.weight.data.view(heads, 3, 8, dim).transpose(0, 1).reshape(-1, dim)
    maps.input_proj.weight.data = fused
    maps.input_proj.bias.data = peer.query_key_value.bias.data.view(heads, 3, 8).transpose(0, 1).flatten()
    maps.output_proj.load_state_dict(peer.dense.state_dict())
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]
    alibi = build_alibi_tensor(torch.ones(2, T), heads, torch.float32)

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, torch.zeros_like(x), alibi, hidden)[0]
        return out

    agree(layer, theirs, torch.randn(2, T, dim), pairs=[(maps.output_proj.weight, peer.dense.weight)])
