"""Window attention against local-attention and transformers' Mistral and Gemma 3.

local-attention's window of w in its exact form is w other tokens on each side, as ours is, and w to the left in causal
attention. It fills rows up to a multiple of w with tokens that others then see, so lengths here are multiples. Without
the exact form a token sees its own bucket of w tokens and the ones beside it: our `BlockWindow`. Transformers counts
the query itself: a sliding window of w is ours of w - 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from local_attention.transformer import LocalMHA
from torch import Tensor
from transformers import Gemma3TextConfig, MistralConfig
from transformers.masking_utils import create_sliding_window_causal_mask
from transformers.models.gemma3.modeling_gemma3 import Gemma3Attention
from transformers.models.mistral.modeling_mistral import MistralAttention

from attnframe import Attention
from attnframe.attention.mixers import PatternMixer, SoftmaxMixer, WindowMixer
from attnframe.attention.projections import SeparateProjections
from attnframe.masks import BlockWindow
from attnframe.recipes.attention.window import WindowAttention

D, H, K, T = 32, 4, 2, 144
BACKENDS = ("eager", "sdpa", "blocks", "tiles")


def _beside(layer: Attention, peer: Any) -> list[tuple[Any, Any]]:
    """Pairs of parameters, with local-attention's weights in ours."""
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)
    maps.input_proj.load_state_dict(peer.to_qkv.state_dict())
    maps.output_proj.load_state_dict(peer.to_out.state_dict())
    return [(maps.input_proj.weight, peer.to_qkv.weight), (maps.output_proj.weight, peer.to_out.weight)]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("causal", [True, False])
def test_equals_local_attention(agree: Callable[..., None], causal: bool, backend: Any) -> None:
    torch.manual_seed(0)
    peer = LocalMHA(dim=D, window_size=6, dim_head=D // H, heads=H, causal=causal, use_rotary_pos_emb=False)
    layer = WindowAttention(num_heads=H, window=6, backend=backend).build(D, causal=causal)
    agree(layer, peer, torch.randn(2, T, D), pairs=_beside(layer, peer))


@pytest.mark.parametrize("causal", [True, False])
def test_windows_of_blocks_equal_its_buckets(agree: Callable[..., None], causal: bool) -> None:
    torch.manual_seed(0)
    peer = LocalMHA(
        dim=D, window_size=4, dim_head=D // H, heads=H, causal=causal, exact_windowsize=False, use_rotary_pos_emb=False
    )
    mixer = PatternMixer(SoftmaxMixer(backend="tiles"), BlockWindow(4, 1, 0 if causal else 1))
    layer = Attention(D, H, causal=causal, mixer=mixer)
    agree(layer, peer, torch.randn(2, T, D), pairs=_beside(layer, peer))


def _transformers(peer: Any, config: Any) -> Callable[[Tensor], Tensor]:
    """The layer without positions: turned by an angle of 0."""

    def theirs(x: Tensor) -> Tensor:
        rows, still = torch.ones(1, T, config.head_dim), torch.zeros(1, T, config.head_dim)
        untyped: Any = create_sliding_window_causal_mask
        mask = untyped(config, x, None, None, position_ids=torch.arange(T).unsqueeze(0))
        out: Tensor = peer(x, (rows, still), mask)[0]
        return out

    return theirs


@pytest.mark.parametrize("backend", BACKENDS)
def test_equals_mistral(agree: Callable[..., None], backend: Any) -> None:
    torch.manual_seed(0)
    config = MistralConfig(
        hidden_size=D, num_attention_heads=H, num_key_value_heads=K, head_dim=D // H, sliding_window=6
    )
    config._attn_implementation = "eager"
    untyped: Any = MistralAttention
    peer = untyped(config, 0).eval()
    layer = Attention(D, H, num_kv_heads=K, causal=True, mixer=WindowMixer(SoftmaxMixer(backend=backend), 5, 0))
    pairs = _share(layer, peer)
    agree(layer, _transformers(peer, config), torch.randn(2, T, D), pairs=pairs)


def test_equals_gemma(agree: Callable[..., None]) -> None:
    """With its normalised queries and keys, whose weights count from one."""
    torch.manual_seed(0)
    config = Gemma3TextConfig(
        hidden_size=D, num_attention_heads=H, num_key_value_heads=K, head_dim=D // H, sliding_window=6,
        query_pre_attn_scalar=D // H, num_hidden_layers=1, layer_types=["sliding_attention"],
    )  # fmt: skip
    config._attn_implementation = "eager"
    untyped: Any = Gemma3Attention
    peer = untyped(config, 0).eval()
    layer = Attention(
        D, H, num_kv_heads=K, causal=True, qk_norm=True, mixer=WindowMixer(SoftmaxMixer(), 5, 0)
    )  # fmt: skip
    pairs = _share(layer, peer)
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)
    for ours, theirs in ((maps.query_norm, peer.q_norm), (maps.key_norm, peer.k_norm)):
        assert ours is not None
        torch.nn.init.uniform_(theirs.weight, -0.5, 0.5)
        with torch.no_grad():
            ours.weight.copy_(1 + theirs.weight)
        pairs.append((ours.weight, theirs.weight))
    agree(layer, _transformers(peer, config), torch.randn(2, T, D), pairs=pairs)


def _share(layer: Attention, peer: Any) -> list[tuple[Any, Any]]:
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)
    with torch.no_grad():
        maps.input_proj.weight.copy_(torch.cat([one.weight for one in (peer.q_proj, peer.k_proj, peer.v_proj)]))
    maps.output_proj.load_state_dict(peer.o_proj.state_dict())
    return [(maps.output_proj.weight, peer.o_proj.weight)]
