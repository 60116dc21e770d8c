"""Normalised queries and keys, then rotary positions, against Qwen 3 and Gemma 3 in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import Gemma3TextConfig, Qwen3Config
from transformers.models.gemma3.modeling_gemma3 import Gemma3Attention
from transformers.models.qwen3.modeling_qwen3 import Qwen3Attention, Qwen3RotaryEmbedding

from attnframe import Attention
from attnframe.positions import Rotary

D, H, K, E, T = 32, 4, 2, 8, 9
SIZES: dict[str, Any] = {
    "hidden_size": D,
    "num_attention_heads": H,
    "num_key_value_heads": K,
    "head_dim": E,
}


def qwen3() -> tuple[Any, float]:
    config = Qwen3Config(**SIZES)
    config._attn_implementation = "eager"
    return Qwen3Attention(config, 0), 0.0


def gemma3() -> tuple[Any, float]:
    """Its norms multiply by one plus their weight."""
    config = Gemma3TextConfig(**SIZES, query_pre_attn_scalar=E)
    config._attn_implementation = "eager"
    return Gemma3Attention(config, 0), 1.0


@pytest.mark.parametrize("make", [qwen3, gemma3])
def test_equals_transformers(agree: Callable[..., None], make: Callable[[], tuple[Any, float]]) -> None:
    torch.manual_seed(0)
    peer, more = make()
    peer.eval()
    turns = Qwen3RotaryEmbedding(Qwen3Config(**SIZES))
    torch.nn.init.normal_(peer.q_norm.weight, 1 - more, 0.3)
    torch.nn.init.normal_(peer.k_norm.weight, 1 - more, 0.3)
    layer = Attention(D, H, num_kv_heads=K, causal=True, qk_norm=True, position=Rotary(E))
    maps: Any = layer.projections

    def paired(weight: Tensor) -> Tensor:
        """Halves of each head's features interleaved, as neighbours are paired here."""
        return weight.view(-1, 2, E // 2, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)

    with torch.no_grad():
        query, key = paired(peer.q_proj.weight), paired(peer.k_proj.weight)
        maps.input_proj.weight.copy_(torch.cat([query, key, peer.v_proj.weight]))
        maps.output_proj.weight.copy_(peer.o_proj.weight)
        maps.query_norm.weight.copy_(paired(peer.q_norm.weight + more))
        maps.key_norm.weight.copy_(paired(peer.k_norm.weight + more))
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, turns(x, torch.arange(T)[None]), hidden)[0]
        return out

    agree(layer, theirs, torch.randn(2, T, D), pairs=[(maps.output_proj.weight, peer.o_proj.weight)])
