"""A whole pre-norm block, causal, against GPT-2's in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2Config
from transformers.models.gpt2.modeling_gpt2 import GPT2Block

from attnframe import Attention
from attnframe.blocks.block import Block
from attnframe.blocks.feed_forward import FeedForward

D, H, T = 32, 4, 9


def test_equals_gpt2(agree: Callable[..., None]) -> None:
    config = GPT2Config(n_embd=D, n_head=H, activation_function="gelu", layer_norm_epsilon=1e-5)
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = GPT2Block(config, layer_idx=0).eval()
    for norm in (peer.ln_1, peer.ln_2):
        torch.nn.init.normal_(norm.weight, 1.0, 0.2)
    ours: Any = Block(D, Attention(D, H, causal=True, bias=True), FeedForward(D, 4 * D))
    maps = ours.self_attention.projections
    for own, other in (
        (maps.input_proj, peer.attn.c_attn),
        (maps.output_proj, peer.attn.c_proj),
        (ours.feed_forward.hidden, peer.mlp.c_fc),
        (ours.feed_forward.output, peer.mlp.c_proj),
    ):
        own.load_state_dict({"weight": other.weight.T, "bias": other.bias})  # GPT-2 keeps them turned round.
    ours.self_norm.load_state_dict({"weight": peer.ln_1.weight})  # Norms have no biases here; those of GPT-2 are 0.
    ours.feed_forward_norm.load_state_dict({"weight": peer.ln_2.weight})
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out = peer(x, attention_mask=hidden)
        found: Tensor = out[0] if isinstance(out, tuple) else out
        return found

    pairs = [
        (maps.input_proj.bias, peer.attn.c_attn.bias),
        (ours.self_norm.weight, peer.ln_1.weight),
        (ours.feed_forward_norm.weight, peer.ln_2.weight),
        (ours.feed_forward.output.bias, peer.mlp.c_proj.bias),
    ]
    agree(ours, theirs, torch.randn(2, T, D), pairs=pairs)
