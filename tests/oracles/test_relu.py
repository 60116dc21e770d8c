"""ReLU attention, which no package has, against its formula pair by pair, through a whole causal layer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from attnframe.recipes.attention.mha import MultiHeadAttention

D, H, E, T = 32, 4, 8, 9


def test_equals_the_formula(agree: Callable[..., None]) -> None:
    """out_i = sum_j max(<q_i, k_j> / sqrt(E), 0) v_j / sqrt(n_i / 2) over the n_i = i + 1 visible keys (Shen et al.
    2023, https://arxiv.org/abs/2302.06461).
    """
    torch.manual_seed(0)
    layer = MultiHeadAttention(num_heads=H, normaliser="relu").build(D, causal=True)
    maps: Any = layer.projections

    def theirs(x: Tensor) -> Tensor:
        rows = []
        for sequence in (x @ maps.input_proj.weight.T).view(2, T, 3, H, E):
            for i, (query, _, _) in enumerate(sequence):
                past = sequence[: i + 1]
                weights = (torch.einsum("he,jhe->jh", query, past[:, 1]) / math.sqrt(E)).clamp(min=0)
                rows.append(torch.einsum("jh,jhe->he", weights, past[:, 2]).flatten() / math.sqrt((i + 1) / 2))
        return torch.stack(rows).view(2, T, D) @ maps.output_proj.weight.T

    own = maps.input_proj.weight
    agree(layer, theirs, torch.randn(2, T, D), pairs=[(own, own)])
