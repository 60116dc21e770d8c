"""Multi-head latent attention against DeepSeek-V3's in transformers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from transformers import DeepseekV3Config
from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3Attention, DeepseekV3RotaryEmbedding

from attnframe.attention.projections import LatentProjections
from attnframe.positions import Rotary
from attnframe.recipes.attention.mla import MultiHeadLatentAttention

D, H, R, ROTARY, T = 32, 4, 12, 4, 9


def test_equals_deepseek_v3(agree: Callable[..., None]) -> None:
    config = DeepseekV3Config(
        hidden_size=D,
        num_attention_heads=H,
        num_key_value_heads=H,
        q_lora_rank=None,
        kv_lora_rank=R,
        qk_rope_head_dim=ROTARY,
        qk_nope_head_dim=D // H,
        v_head_dim=D // H,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
    )
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = DeepseekV3Attention(config, 0).eval()
    turns = DeepseekV3RotaryEmbedding(config)
    layer = MultiHeadLatentAttention(num_heads=H, latent_dim=R, rotary_dim=ROTARY).build(
        D, causal=True, position=Rotary(ROTARY)
    )
    maps = layer.projections
    assert isinstance(maps, LatentProjections)
    maps.query_proj.load_state_dict(peer.q_proj.state_dict())
    maps.latent_proj.load_state_dict(peer.kv_a_proj_with_mqa.state_dict())
    maps.latent_norm.load_state_dict(peer.kv_a_layernorm.state_dict())
    maps.key_value_proj.load_state_dict(peer.kv_b_proj.state_dict())
    maps.output_proj.load_state_dict(peer.o_proj.state_dict())
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, turns(x, torch.arange(T)[None]), hidden)[0]
        return out

    pairs = [
        (maps.query_proj.weight, peer.q_proj.weight),
        (maps.latent_proj.weight, peer.kv_a_proj_with_mqa.weight),
        (maps.key_value_proj.weight, peer.kv_b_proj.weight),
    ]
    agree(layer, theirs, torch.randn(2, T, D), pairs=pairs)
