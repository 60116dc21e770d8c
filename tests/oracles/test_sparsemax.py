"""Sparsemax against the package entmax, through a whole causal layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import entmax
import torch
from torch import Tensor

from attnframe.recipes.attention.mha import MultiHeadAttention

D, H, E, T = 32, 4, 8, 9


def test_equals_entmax(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    layer = MultiHeadAttention(num_heads=H, normaliser="sparsemax", temperature=0.3).build(D, causal=True)
    maps: Any = layer.projections

    def theirs(x: Tensor) -> Tensor:
        query, key, value = (
            part.view(2, T, H, E).transpose(1, 2) for part in (x @ maps.input_proj.weight.T).chunk(3, -1)
        )
        scores = query @ key.mT / E**0.5 / 0.3
        weights = entmax.sparsemax(scores.masked_fill(torch.ones(T, T, dtype=torch.bool).triu(1), -1e6))
        assert (weights == 0).sum() > 2 * H * T * (T - 1) / 2, "nothing is cut off but the future"
        return (weights @ value).transpose(1, 2).flatten(2) @ maps.output_proj.weight.T

    own = maps.input_proj.weight
    agree(layer, theirs, torch.randn(2, T, D), pairs=[(own, own)])
