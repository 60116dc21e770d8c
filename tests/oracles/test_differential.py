"""Differential attention against DiffLlama's in transformers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from transformers import DiffLlamaConfig
from transformers.models.diffllama.modeling_diffllama import DiffLlamaAttention

from attnframe.attention.mixers import DifferentialMixer
from attnframe.attention.projections import SeparateProjections
from attnframe.recipes.attention.differential import DifferentialAttention

D, H, T = 32, 2, 9
HALF = D // H // 2


def _paired(weight: Tensor) -> Tensor:
    """Rows of 2 H heads of width d, the first of each pair in the first half, as H heads of width 2 d."""
    return weight.view(2, H, HALF, -1).transpose(0, 1).reshape(2 * H * HALF, -1)


def test_equals_diff_llama(agree: Callable[..., None]) -> None:
    config = DiffLlamaConfig(
        hidden_size=D, num_attention_heads=2 * H, num_key_value_heads=2 * H, head_dim=HALF, rms_norm_eps=1e-5
    )
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = DiffLlamaAttention(config, 3).eval()
    layer = DifferentialAttention(num_heads=H, lambda_init=peer.lambda_init).build(D, causal=True)
    maps, mixer = layer.projections, layer.mixer
    assert isinstance(maps, SeparateProjections)
    assert isinstance(mixer, DifferentialMixer)
    vectors = (peer.lambda_q1, peer.lambda_k1, peer.lambda_q2, peer.lambda_k2)
    with torch.no_grad():
        weights = (peer.q_proj.weight, peer.k_proj.weight, peer.v_proj.weight)
        maps.input_proj.weight.copy_(torch.cat([_paired(weight) for weight in weights]))
        maps.output_proj.weight.copy_(peer.o_proj.weight)
        mixer.vectors.copy_(torch.stack(list(vectors)))
    still = torch.ones(1, T, HALF), torch.zeros(1, T, HALF)
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, still, hidden)[0]
        return out

    pairs = [(maps.output_proj.weight, peer.o_proj.weight)]
    agree(layer, theirs, torch.randn(2, T, D), pairs=pairs)
