"""Talking-heads attention against timm's."""

from __future__ import annotations

from collections.abc import Callable

import torch
from timm.models.cait import TalkingHeadAttn
from torch import nn

from attnframe.attention.mixers import TalkingHeadsMixer
from attnframe.attention.projections import SeparateProjections
from attnframe.recipes.attention.talking_heads import TalkingHeadsAttention

D, H, T = 32, 4, 9


def test_equals_timm(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    peer = TalkingHeadAttn(D, H)
    for linear in (peer.proj, peer.proj_l, peer.proj_w):
        nn.init.zeros_(linear.bias)
    layer = TalkingHeadsAttention(num_heads=H).build(D)
    maps, mixer = layer.projections, layer.mixer
    assert isinstance(maps, SeparateProjections)
    assert isinstance(mixer, TalkingHeadsMixer)
    maps.input_proj.load_state_dict(peer.qkv.state_dict())
    maps.output_proj.load_state_dict({"weight": peer.proj.weight})
    with torch.no_grad():
        mixer.score_map.copy_(peer.proj_l.weight)
        mixer.weight_map.copy_(peer.proj_w.weight)
    pairs = [
        (mixer.score_map, peer.proj_l.weight),
        (mixer.weight_map, peer.proj_w.weight),
        (maps.input_proj.weight, peer.qkv.weight),
    ]
    agree(layer, peer, torch.randn(2, T, D), pairs=pairs)
