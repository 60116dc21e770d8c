"""Soft-capped scores against Gemma 2 in transformers, with grouped queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import Gemma2Config
from transformers.models.gemma2.modeling_gemma2 import Gemma2Attention

from attnframe.recipes.attention.gqa import GroupedQueryAttention

D, H, K, E, T, CAP = 32, 4, 2, 8, 9, 1.5


def test_equals_gemma2(agree: Callable[..., None]) -> None:
    config = Gemma2Config(
        hidden_size=D,
        num_attention_heads=H,
        num_key_value_heads=K,
        head_dim=E,
        query_pre_attn_scalar=E,
        attn_logit_softcapping=CAP,
    )
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = Gemma2Attention(config, 0).eval()
    layer = GroupedQueryAttention(num_heads=H, num_kv_heads=K, soft_cap=CAP).build(D, causal=True)
    maps: Any = layer.projections
    with torch.no_grad():
        for linear in (peer.q_proj, peer.k_proj):
            linear.weight *= 8  # Scores of a few, that the cap bends.
        maps.input_proj.weight.copy_(torch.cat([peer.q_proj.weight, peer.k_proj.weight, peer.v_proj.weight]))
        maps.output_proj.weight.copy_(peer.o_proj.weight)
    still = torch.ones(1, T, E), torch.zeros(1, T, E)
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, still, hidden)[0]
        return out

    agree(layer, theirs, torch.randn(2, T, D), pairs=[(maps.output_proj.weight, peer.o_proj.weight)])
