"""Nyström attention against the nystrom-attention package and transformers' Nyströmformer.

Both begin their iteration of the pseudo-inverse from one norm for the whole batch and all heads, so that rows of a
batch change one another; with one row and one head that is our start, step for step. With more, the steps are as many
as it takes to arrive (in float64), where every start ends alike. Lengths are multiples of the number of landmarks,
where all cut the same segments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from nystrom_attention import NystromAttention as Peer
from torch import Tensor
from transformers import NystromformerConfig
from transformers.models.nystromformer.modeling_nystromformer import NystromformerSelfAttention

from attnframe import Attention
from attnframe.attention.mixers import NystromMixer
from attnframe.attention.projections import SeparateProjections
from attnframe.recipes.attention.nystrom import NystromAttention

D, T, M, SIZE = 32, 24, 6, 5
CASES = [(1, 1, 6, torch.float32, 1e-5), (2, 4, 30, torch.float64, 1e-8)]


def _layer(heads: int, iterations: int, dtype: torch.dtype) -> tuple[Attention, SeparateProjections, NystromMixer]:
    recipe = NystromAttention(num_heads=heads, num_landmarks=M, iterations=iterations, kernel_size=SIZE)
    layer = recipe.build(D).to(dtype)
    maps, mixer = layer.projections, layer.mixer
    assert isinstance(maps, SeparateProjections)
    assert isinstance(mixer, NystromMixer)
    return layer, maps, mixer


@pytest.mark.parametrize(("batch", "heads", "iterations", "dtype", "tolerance"), CASES)
def test_equals_nystrom_attention(
    agree: Callable[..., None], batch: int, heads: int, iterations: int, dtype: torch.dtype, tolerance: float
) -> None:
    torch.manual_seed(0)
    peer = Peer(D, D // heads, heads, M, pinv_iterations=iterations, residual_conv_kernel=SIZE).to(dtype)
    layer, maps, mixer = _layer(heads, iterations, dtype)
    filters = peer.res_conv.weight
    with torch.no_grad():
        peer.to_out[0].bias.zero_()
        maps.input_proj.weight.copy_(peer.to_qkv.weight)
        maps.output_proj.weight.copy_(peer.to_out[0].weight)
        assert mixer.filters is not None
        mixer.filters.copy_(filters.view(heads, SIZE))
    pairs = [(maps.input_proj.weight, peer.to_qkv.weight), (maps.output_proj.weight, peer.to_out[0].weight)]
    agree(layer, peer, 2 * torch.randn(batch, T, D, dtype=dtype), tolerance, pairs)


@pytest.mark.parametrize(("batch", "heads", "iterations", "dtype", "tolerance"), CASES)
def test_equals_nystromformer(
    agree: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    batch: int,
    heads: int,
    iterations: int,
    dtype: torch.dtype,
    tolerance: float,
) -> None:
    config = NystromformerConfig(
        hidden_size=D, num_attention_heads=heads, num_landmarks=M, segment_means_seq_len=T, conv_kernel_size=SIZE
    )
    torch.manual_seed(0)
    untyped: Any = NystromformerSelfAttention
    peer = untyped(config).to(dtype).eval()
    inverse = peer.iterative_inv
    monkeypatch.setattr(peer, "iterative_inv", lambda matrix: inverse(matrix, iterations))
    layer, maps, mixer = _layer(heads, iterations, dtype)
    parts = (peer.query, peer.key, peer.value)
    with torch.no_grad():
        for part in parts:
            part.bias.zero_()
        maps.input_proj.weight.copy_(torch.cat([part.weight for part in parts]))
        maps.output_proj.weight.copy_(torch.eye(D))
        assert mixer.filters is not None
        mixer.filters.copy_(peer.conv.weight.view(heads, SIZE))

    def theirs(x: Tensor) -> Tensor:
        out: Any = peer(x)
        mixed: Tensor = out[0]
        return mixed

    agree(layer, theirs, 2 * torch.randn(batch, T, D, dtype=dtype), tolerance)
