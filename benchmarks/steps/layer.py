"""One attention layer."""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from interleaved import Step
from torch import nn

from attnframe import Attention
from steps.base import Case

LAYER: Final = (4, 1024, 512)
"""Sequences, tokens of each, and their width."""


def attention_ours() -> Step:
    layer = Attention(LAYER[2], 8, causal=True, bias=True)
    x = torch.randn(LAYER, requires_grad=True)
    return lambda: layer(x).sum().backward()


def attention_sdpa() -> Step:
    batch, length, dim = LAYER
    inner, outer = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
    x = torch.randn(LAYER, requires_grad=True)

    def step() -> None:
        query, key, value = inner(x).view(batch, length, 3, 8, dim // 8).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        outer(mixed.transpose(1, 2).reshape(LAYER)).sum().backward()

    return step


def attention_torch() -> Step:
    layer = nn.MultiheadAttention(LAYER[2], 8, batch_first=True)
    x = torch.randn(LAYER, requires_grad=True)
    mask = torch.triu(torch.full((LAYER[1], LAYER[1]), float("-inf")), 1)
    return lambda: layer(x, x, x, need_weights=False, attn_mask=mask, is_causal=True)[0].sum().backward()


def attention_x_transformers() -> Step:
    from x_transformers.x_transformers import Attention as Other

    layer = Other(LAYER[2], heads=8, dim_head=64, causal=True, flash=True)
    x = torch.randn(LAYER, requires_grad=True)

    def step() -> None:
        out = layer(x)
        (out[0] if isinstance(out, tuple) else out).sum().backward()

    return step


CASES: Final[dict[str, Case]] = {
    "attention": Case(
        "attention layer, forward and backward, 512 x 8 heads, 4 x 1024, causal",
        attention_ours,
        {
            "bare SDPA": attention_sdpa,
            "nn.MultiheadAttention": attention_torch,
            "x-transformers": attention_x_transformers,
        },
        0.95,
        ("x-transformers",),
        against=("bare SDPA",),
    ),
}
