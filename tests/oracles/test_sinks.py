"""Learned sinks against gpt-oss in transformers, with grouped queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import GptOssConfig
from transformers.models.gpt_oss.modeling_gpt_oss import GptOssAttention

from attnframe.recipes.attention.gqa import GroupedQueryAttention

D, H, K, E, T = 32, 4, 2, 8, 9


@pytest.mark.parametrize("backend", ["auto", "eager"])
@pytest.mark.parametrize("causal", [True, False])
def test_equals_gpt_oss(agree: Callable[..., None], backend: Any, causal: bool) -> None:
    config = GptOssConfig(hidden_size=D, num_attention_heads=H, num_key_value_heads=K, head_dim=E, attention_bias=False)
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = GptOssAttention(config, 0).eval()
    torch.nn.init.normal_(peer.sinks, std=2.0)
    recipe = GroupedQueryAttention(num_heads=H, num_kv_heads=K, normaliser="sinks", backend=backend)
    layer = recipe.build(D, causal=causal)
    maps: Any = layer.projections
    sinks: Any = layer.mixer.normaliser
    with torch.no_grad():
        maps.input_proj.weight.copy_(torch.cat([peer.q_proj.weight, peer.k_proj.weight, peer.v_proj.weight]))
        maps.output_proj.weight.copy_(peer.o_proj.weight)
        sinks.logits.copy_(peer.sinks)
    still = torch.ones(1, T, E // 2), torch.zeros(1, T, E // 2)
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None] if causal else None

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, still, hidden)[0]
        return out

    pairs = [(sinks.logits, peer.sinks), (maps.output_proj.weight, peer.o_proj.weight)]
    agree(layer, theirs, torch.randn(2, T, D), pairs=pairs)
