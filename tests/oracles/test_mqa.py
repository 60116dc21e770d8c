"""Multi-query attention against GPTBigCode's in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import GPTBigCodeConfig
from transformers.models.gpt_bigcode.modeling_gpt_bigcode import GPTBigCodeAttention

from attnframe import Attention

D, H, T = 32, 4, 9


def test_equals_gpt_bigcode(agree: Callable[..., None]) -> None:
    config = GPTBigCodeConfig(n_embd=D, n_head=H, multi_query=True, attn_pdrop=0.0, resid_pdrop=0.0)
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = GPTBigCodeAttention(config, layer_idx=0).eval()
    layer = Attention(D, H, num_kv_heads=1, causal=True, bias=True)
    maps: Any = layer.projections
    maps.input_proj.load_state_dict(peer.c_attn.state_dict())
    maps.output_proj.load_state_dict(peer.c_proj.state_dict())
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, attention_mask=hidden)[0]
        return out

    pairs = [(maps.input_proj.weight, peer.c_attn.weight), (maps.output_proj.weight, peer.c_proj.weight)]
    agree(layer, theirs, torch.randn(2, T, D), pairs=pairs)
