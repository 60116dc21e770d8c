"""Latent projections: the compact form and the full one are the same attention."""

from __future__ import annotations

import torch

from attnframe.attention.cache import LatentCache
from attnframe.attention.projections import LatentProjections
from attnframe.attention.projections.base import Rotate
from attnframe.attention.reference import reference_attention
from attnframe.positions import Rotary
from attnframe.recipes.attention.mla import MultiHeadLatentAttention

B, T, D, H, R, E, ROTARY = 2, 6, 16, 4, 5, 4, 2


def _rotate() -> Rotate:
    return lambda x: Rotary(ROTARY).rotate(x, torch.arange(T)[None])


def test_absorbed_queries_and_latents_give_the_same_scores_and_outputs() -> None:
    torch.manual_seed(0)
    maps = LatentProjections(D, H, R, E, ROTARY).double()
    x = torch.randn(B, T, D, dtype=torch.float64)
    outs = []
    for compact, heads, width in ((False, H, E), (True, 1, R)):
        query, key, value = maps.project(x, _rotate(), compact)
        assert key.shape == (B, heads, T, width + ROTARY)
        assert value.shape == (B, heads, T, width)
        outs.append(maps.output(reference_attention(query, key, value, score=lambda q, k: q @ k.T), compact))
    torch.testing.assert_close(outs[0], outs[1])


def test_the_cache_holds_latents_and_the_rotated_part_only() -> None:
    layer = MultiHeadLatentAttention(num_heads=H, latent_dim=R, rotary_dim=ROTARY).build(D, causal=True)
    cache = layer.new_cache(B, max_length=T)
    assert isinstance(cache, LatentCache)
    layer(torch.randn(B, T, D), cache=cache)
    assert cache.nbytes == B * T * (R + ROTARY) * 4
    assert [*cache.state] == ["key"]
