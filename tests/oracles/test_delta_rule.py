"""The delta rule against flash-linear-attention's plain functions: token by token, in chunks, and over all pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import DeltaRuleMixer
from attnframe.masks import Causal, Extent

B, H, T, E = 2, 3, 128, 8


def _ours(x: Tensor) -> Tensor:
    query, key, value, rate = x
    call = Call(Causal(), Extent(B, H, T, T), signals={"rate": rate[..., :1]})
    out: Tensor = DeltaRuleMixer(E)(query, key, value, call)
    return out


def _of_length_one(x: Tensor) -> Tensor:
    x = F.silu(x)
    return x / (x.square().sum(-1, keepdim=True) + 1e-6).sqrt()


@pytest.fixture
def x() -> Tensor:
    return torch.randn(4, B, H, T, E, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", ["delta_rule_recurrence", "delta_rule_chunkwise"])
def test_equals_flash_linear_attention(
    agree: Callable[..., None], plain: Callable[[str], Any], x: Tensor, name: str
) -> None:
    function = getattr(plain("delta_rule"), name)

    def theirs(x: Tensor) -> Tensor:
        query, key, value, rate = x
        out: Tensor = function(_of_length_one(query), _of_length_one(key), value, rate[..., 0].sigmoid())[0]
        return out

    agree(_ours, theirs, x)


def test_weights_equal_the_matrix_of_all_pairs(plain: Callable[[str], Any], x: Tensor) -> None:
    query, key, value, rate = x
    with torch.no_grad():
        out, matrix = plain("delta_rule").delta_rule_parallel(
            _of_length_one(query), _of_length_one(key), value, rate[..., 0].sigmoid()
        )
        # Theirs multiplies values that the rate has weighed.
        expected = matrix * rate[..., 0].sigmoid().unsqueeze(-2)
        call = Call(Causal(), Extent(B, H, T, T), signals={"rate": rate[..., :1]})
        weights = DeltaRuleMixer(E).weights(query, key, call, slice(None))
        torch.testing.assert_close(_ours(x), out, rtol=0, atol=1e-5)
    torch.testing.assert_close(weights, expected, rtol=0, atol=1e-5)
