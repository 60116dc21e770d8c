"""Gated attention against Qwen3-Next's in transformers, whose queries and keys are normalised too."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from transformers import Qwen3NextConfig
from transformers.models.qwen3_next.modeling_qwen3_next import Qwen3NextAttention

from attnframe import Attention
from attnframe.attention.mixers import GatedMixer, SoftmaxMixer
from attnframe.attention.projections import SeparateProjections

D, H, K, E, T = 32, 4, 2, 8, 9


def test_equals_qwen3_next(agree: Callable[..., None]) -> None:
    config = Qwen3NextConfig(
        hidden_size=D, num_attention_heads=H, num_key_value_heads=K, head_dim=E, attention_bias=False
    )
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = Qwen3NextAttention(config, 0).eval()
    torch.nn.init.normal_(peer.q_norm.weight, std=0.3)
    torch.nn.init.normal_(peer.k_norm.weight, std=0.3)
    layer = Attention(D, H, num_kv_heads=K, causal=True, qk_norm=True, mixer=GatedMixer(SoftmaxMixer(), E))
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)
    assert maps.query_norm is not None
    assert maps.key_norm is not None
    assert layer.signal_proj is not None
    query, gate = peer.q_proj.weight.view(H, 2, E, D).unbind(1)
    with torch.no_grad():
        maps.input_proj.weight.copy_(torch.cat([query.reshape(-1, D), peer.k_proj.weight, peer.v_proj.weight]))
        maps.output_proj.weight.copy_(peer.o_proj.weight)
        maps.query_norm.weight.copy_(1 + peer.q_norm.weight)
        maps.key_norm.weight.copy_(1 + peer.k_norm.weight)
        layer.signal_proj.weight.copy_(gate.reshape(-1, D))
    still = torch.ones(1, T, E), torch.zeros(1, T, E)
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, still, hidden)[0]
        return out

    pairs = [
        (maps.query_norm.weight, peer.q_norm.weight),
        (maps.key_norm.weight, peer.k_norm.weight),
        (maps.output_proj.weight, peer.o_proj.weight),
    ]
    agree(layer, theirs, torch.randn(2, T, D), pairs=pairs)
