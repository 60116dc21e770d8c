"""Native sparse attention against flash-linear-attention's plain functions of its branches.

Their summaries are means taken by a kernel for accelerators, written out here; their window counts the query itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.projections import SeparateProjections
from attnframe.attention.projections.base import join_heads, split_heads
from attnframe.recipes.attention.native_sparse import NativeSparseAttention

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # It says that there is no accelerator.
    from fla.ops.nsa.naive import naive_nsa_compression, naive_nsa_selection, naive_nsa_topk

E = 8


def _means(x: Tensor, block: int) -> Tensor:
    """x (B, T, K, E) as (B, C, K, E)."""
    return torch.stack([part.mean(1) for part in torch.split(x, block, dim=1)], dim=1)


@pytest.mark.parametrize(
    ("heads", "kv_heads", "length", "block", "selected", "window"),
    [(4, 2, 22, 2, 5, 3), (4, 1, 21, 3, 4, 7), (2, 2, 24, 4, 3, 0)],
)
def test_equals_flash_linear_attention(
    agree: Callable[..., None], heads: int, kv_heads: int, length: int, block: int, selected: int, window: int
) -> None:
    torch.manual_seed(0)
    recipe = NativeSparseAttention(
        num_heads=heads, num_kv_heads=kv_heads, block=block, num_selected=selected, window=window
    )
    layer = recipe.build(heads * E, causal=True)
    maps, gating = layer.projections, layer.signal_proj
    assert isinstance(maps, SeparateProjections)
    assert gating is not None
    position = torch.arange(length)
    offset = position.unsqueeze(1) - position
    band = (offset >= 0) & (offset <= window)

    def theirs(x: Tensor) -> Tensor:
        widths = [heads * E, kv_heads * E, kv_heads * E]
        query, key, value = (part.unflatten(-1, (-1, E)) for part in maps.input_proj(x).split(widths, -1))
        keys, values = _means(key, block), _means(value, block)
        coarse, _ = naive_nsa_compression(query, keys, values, block, E**-0.5)
        chosen = naive_nsa_topk(query, keys, selected, block, E**-0.5)
        fine = naive_nsa_selection(query, key, value, chosen, block)
        by_head = [one.transpose(1, 2) for one in (query, key, value)]
        near = F.scaled_dot_product_attention(by_head[0], by_head[1], by_head[2], band, enable_gqa=True)
        gates = torch.sigmoid(split_heads(gating(x), heads)).transpose(1, 2).unsqueeze(-1)
        mixed = gates[..., 0, :] * coarse + gates[..., 1, :] * fine + gates[..., 2, :] * near.transpose(1, 2)
        out: Tensor = maps.output_proj(join_heads(mixed.transpose(1, 2)))
        return out

    parameters = [maps.input_proj.weight, maps.output_proj.weight, gating.weight, gating.bias]
    agree(layer, theirs, 2 * torch.randn(1, length, heads * E), pairs=[(one, one) for one in parameters])
