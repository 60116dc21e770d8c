"""Queries, keys, values and calls for mixers and backends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixer import Call
from attnframe.masks import Extent, Full, Mask

Inputs = tuple[Tensor, Tensor, Tensor, Call]


@pytest.fixture
def make() -> Callable[..., Inputs]:
    """`make(queries, keys, mask=...)` gives query (2, 4, T, 4), key and value (2, K, S, 4) in float64, and the call."""

    def inputs(
        queries: int,
        keys: int | None = None,
        *,
        mask: Mask | None = None,
        kv_heads: int = 2,
        batch: int = 2,
        **rest: object,
    ) -> Inputs:
        keys = queries if keys is None else keys
        generator = torch.Generator().manual_seed(queries + keys)
        shapes = ((4, queries), (kv_heads, keys), (kv_heads, keys))
        query, key, value = (
            torch.randn(batch, heads, rows, 4, generator=generator, dtype=torch.float64).requires_grad_()
            for heads, rows in shapes
        )
        return query, key, value, Call(mask or Full(), Extent(batch, 4, queries, keys), **rest)

    return inputs
