"""Cosine scores with a learned scale against Swin V2 in transformers, whose bias of positions is made constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import Swinv2Config
from transformers.models.swinv2.modeling_swinv2 import Swinv2SelfAttention

from attnframe.recipes.attention.mha import MultiHeadAttention

D, H, SIDE = 32, 4, 3


def test_equals_swin_v2(agree: Callable[..., None]) -> None:
    config = Swinv2Config(qkv_bias=False)
    torch.manual_seed(0)
    peer = Swinv2SelfAttention(config, D, H, SIDE).eval()
    layer = MultiHeadAttention(num_heads=H, score="cosine").build(D)
    maps: Any = layer.projections
    mixer: Any = layer.mixer
    score = mixer.score
    with torch.no_grad():
        peer.continuous_position_bias_mlp[2].weight.zero_()  # A bias of 8 everywhere, which softmax does not see.
        peer.logit_scale.copy_(torch.tensor([0.5, 1.0, 3.0, 5.0]).view(H, 1, 1))  # The last is cut at log 100.
        maps.input_proj.weight.copy_(torch.cat([peer.query.weight, peer.key.weight, peer.value.weight]))
        maps.output_proj.weight.copy_(torch.eye(D))  # Its projection of the output is another module.
        score.log_tau.copy_(peer.logit_scale)

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x)[0]
        return out

    agree(layer, theirs, torch.randn(2, SIDE * SIDE, D), pairs=[(score.log_tau, peer.logit_scale)])
