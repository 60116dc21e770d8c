"""Coarse-to-fine attention against its definition, pair by pair, and against fused attention where both are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.projections import SeparateProjections
from attnframe.attention.projections.base import split_heads
from attnframe.recipes.attention.block import BlockAttention

D, H = 16, 2


def _cell(i: int, j: int, block: int) -> tuple[int, int]:
    """Size and number of the cell in which query i sees key j."""
    levels = 0
    while abs(i // (block << levels) - j // (block << levels)) >= 2:
        levels += 1
    return 1 << levels, j >> levels


def _one(query: Tensor, key: Tensor, value: Tensor, i: int, block: int, causal: bool) -> Tensor:
    """What query i of one head gets."""
    cells = defaultdict(list)
    for j in range(i + 1 if causal else len(key)):
        cells[_cell(i, j, block)].append(j)
    keys, values = (torch.stack([x[tokens].mean(0) for tokens in cells.values()]) for x in (key, value))
    counts = torch.tensor([len(tokens) for tokens in cells.values()], dtype=query.dtype)
    weights = counts * torch.exp(keys @ query[i] / query.shape[1] ** 0.5)
    return weights / weights.sum() @ values


def _projected(maps: SeparateProjections, x: Tensor) -> list[Tensor]:
    return [split_heads(part, H) for part in maps.input_proj(x).chunk(3, dim=-1)]


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("length", "block"), [(29, 2), (21, 4), (19, 6), (5, 2)])
def test_equals_the_definition(agree: Callable[..., None], causal: bool, length: int, block: int) -> None:
    torch.manual_seed(0)
    layer = BlockAttention(num_heads=H, block=block).build(D, causal=causal)
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)

    def theirs(x: Tensor) -> Tensor:
        query, key, value = _projected(maps, x)
        heads = [
            torch.stack([_one(query[0, h], key[0, h], value[0, h], i, block, causal) for i in range(length)])
            for h in range(H)
        ]
        out: Tensor = maps.output_proj(torch.cat(heads, dim=-1).unsqueeze(0))
        return out

    weights = [(one, one) for one in (maps.input_proj.weight, maps.output_proj.weight)]
    agree(layer, theirs, 3 * torch.randn(1, length, D), pairs=weights)


@pytest.mark.parametrize("causal", [True, False])
def test_equals_fused_attention_on_two_blocks(agree: Callable[..., None], causal: bool) -> None:
    torch.manual_seed(0)
    layer = BlockAttention(num_heads=H, block=6).build(D, causal=causal)
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)

    def theirs(x: Tensor) -> Tensor:
        query, key, value = _projected(maps, x)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=causal)
        out: Tensor = maps.output_proj(mixed.transpose(1, 2).flatten(2))
        return out

    agree(layer, theirs, torch.randn(3, 12, D))
