"""Windows with global tokens against transformers' Longformer.

Longformer projects global queries, keys and values by matrices of their own; here they are the same ones. Its window
counts both sides together, and it asks for a length that is a multiple of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import LongformerConfig
from transformers.models.longformer.modeling_longformer import LongformerSelfAttention

from attnframe.attention.projections import SeparateProjections
from attnframe.masks import Padding
from attnframe.recipes.attention.global_local import GlobalLocalAttention

D, H, T, WINDOW = 32, 4, 144, 3
NO_ATTENTION, GLOBAL = -10000.0, 10000.0


@pytest.mark.parametrize("backend", ["eager", "sdpa", "tiles"])
@pytest.mark.parametrize("num_global", [0, 1, 3, 8])
@pytest.mark.parametrize("lengths", [(T, T), (T, 101)])
def test_equals_longformer(agree: Callable[..., None], lengths: tuple[int, int], num_global: int, backend: Any) -> None:
    torch.manual_seed(0)
    config = LongformerConfig(
        hidden_size=D, num_attention_heads=H, attention_window=[2 * WINDOW], attention_probs_dropout_prob=0.0
    )
    untyped: Any = LongformerSelfAttention
    peer = untyped(config, 0).eval()
    peer.query_global, peer.key_global, peer.value_global = parts = peer.query, peer.key, peer.value
    layer = GlobalLocalAttention(num_heads=H, window=WINDOW, num_global=num_global, backend=backend).build(D)
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)
    with torch.no_grad():
        for part in parts:
            part.bias.zero_()
        maps.input_proj.weight.copy_(torch.cat([part.weight for part in parts]))
        maps.output_proj.weight.copy_(torch.eye(D))
    valid = torch.arange(T) < torch.tensor(lengths).unsqueeze(1)
    kinds = torch.zeros(2, T)
    kinds[:, :num_global] = GLOBAL
    kinds[~valid] = NO_ATTENTION

    def ours(x: Tensor) -> Tensor:
        out: Tensor = layer(x, mask=Padding(valid))
        return out[valid]

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x * valid.unsqueeze(-1), kinds, kinds < 0, kinds > 0, num_global > 0)[0]
        return out[valid]

    agree(ours, theirs, torch.randn(2, T, D))
