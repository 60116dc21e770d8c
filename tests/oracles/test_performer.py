"""Performer attention against performer-pytorch's layer with the same random vectors.

Its constant 1e-4 in every feature, and 1e-6 in causal totals, are set to 0: they are added relative to the largest
feature of all keys, so that the future and padding would change the past.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial

import pytest
import torch

from attnframe.attention.mixers import PerformerMixer
from attnframe.attention.projections import SeparateProjections
from attnframe.recipes.attention.performer import PerformerAttention

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="distutils Version classes are deprecated")
    from performer_pytorch import performer_pytorch as package

D, H, T, R = 32, 4, 90, 20


@pytest.mark.parametrize("causal", [False, True])
def test_equals_performer_pytorch(agree: Callable[..., None], monkeypatch: pytest.MonkeyPatch, causal: bool) -> None:
    monkeypatch.setattr(package, "softmax_kernel", partial(package.softmax_kernel, eps=0.0))
    torch.manual_seed(0)
    peer = package.SelfAttention(D, causal=causal, heads=H, dim_head=D // H, nb_features=R, attn_out_bias=False)
    if causal:
        peer.fast_attention.causal_linear_fn = partial(package.causal_linear_attention_noncuda, eps=0.0)
    layer = PerformerAttention(num_heads=H, num_features=R).build(D, causal=causal)
    maps, mixer = layer.projections, layer.mixer
    assert isinstance(maps, SeparateProjections)
    assert isinstance(mixer, PerformerMixer)
    with torch.no_grad():
        maps.input_proj.weight.copy_(torch.cat([peer.to_q.weight, peer.to_k.weight, peer.to_v.weight]))
        maps.output_proj.weight.copy_(peer.to_out.weight)
        mixer.directions.copy_(peer.fast_attention.projection_matrix)
    agree(layer, peer, torch.randn(2, T, D), pairs=[(maps.output_proj.weight, peer.to_out.weight)])
