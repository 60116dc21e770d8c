"""Grouped-query attention with rotary positions against Llama's in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaAttention, LlamaRotaryEmbedding

from attnframe.positions import Rotary
from attnframe.recipes.attention.gqa import GroupedQueryAttention

D, H, E, T = 32, 4, 8, 9


@pytest.mark.parametrize("kv_heads", [1, 2, 4])
def test_equals_llama(agree: Callable[..., None], kv_heads: int) -> None:
    config = LlamaConfig(hidden_size=D, num_attention_heads=H, num_key_value_heads=kv_heads)
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer, turns = LlamaAttention(config, 0).eval(), LlamaRotaryEmbedding(config)
    layer = GroupedQueryAttention(num_heads=H, num_kv_heads=kv_heads).build(D, causal=True, position=Rotary(E))
    maps: Any = layer.projections

    def paired(weight: Tensor) -> Tensor:
        """Halves of each head's features interleaved, as neighbours are paired here."""
        return weight.view(-1, 2, E // 2, D).transpose(1, 2).reshape(-1, D)

    with torch.no_grad():
        query, key = paired(peer.q_proj.weight), paired(peer.k_proj.weight)
        maps.input_proj.weight.copy_(torch.cat([query, key, peer.v_proj.weight]))
        maps.output_proj.weight.copy_(peer.o_proj.weight)
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, turns(x, torch.arange(T)[None]), hidden)[0]
        return out

    agree(layer, theirs, torch.randn(2, T, D), pairs=[(maps.output_proj.weight, peer.o_proj.weight)])
