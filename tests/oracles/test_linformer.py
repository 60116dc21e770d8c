"""Linformer attention against the linformer package, self attention and cross attention, shorter than the most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from linformer import LinformerSelfAttention
from torch import Tensor

from attnframe.attention.mixers import LinformerMixer
from attnframe.attention.projections import SeparateProjections
from attnframe.recipes.attention.linformer import LinformerAttention

D, H, T, MOST, RANK = 32, 4, 21, 30, 6


@pytest.mark.parametrize("keys", [None, 13, MOST])
def test_equals_linformer(agree: Callable[..., None], keys: int | None) -> None:
    torch.manual_seed(0)
    peer = LinformerSelfAttention(D, MOST, k=RANK, heads=H)
    layer = LinformerAttention(num_heads=H, max_length=MOST, rank=RANK).build(D)
    maps, mixer = layer.projections, layer.mixer
    assert isinstance(maps, SeparateProjections)
    assert isinstance(mixer, LinformerMixer)
    with torch.no_grad():
        peer.to_out.bias.zero_()
        maps.input_proj.weight.copy_(torch.cat([peer.to_q.weight, peer.to_k.weight, peer.to_v.weight]))
        maps.output_proj.weight.copy_(peer.to_out.weight)
        mixer.key_map.copy_(peer.proj_k)
        mixer.value_map.copy_(peer.proj_v)
    pairs = [
        (maps.output_proj.weight, peer.to_out.weight),
        (mixer.key_map, peer.proj_k),
        (mixer.value_map, peer.proj_v),
    ]
    context = None if keys is None else torch.randn(2, keys, D)

    def ours(x: Tensor) -> Tensor:
        out: Tensor = layer(x, context)
        return out

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, context)
        return out

    agree(ours, theirs, torch.randn(2, T, D), pairs=pairs)
