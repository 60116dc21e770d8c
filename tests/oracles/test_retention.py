"""Retention against flash-linear-attention's plain functions: of all pairs, in chunks, and token by token."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import RetentionMixer
from attnframe.masks import Causal, Extent

B, H, T, E = 2, 4, 90, 8


def _ours(x: Tensor) -> Tensor:
    out: Tensor = RetentionMixer(E)(*x, Call(Causal(), Extent(B, H, T, T), signals={"gate": x[0]}))
    return out


@pytest.mark.parametrize("name", ["naive_retention", "naive_chunk_simple_gla", "naive_recurrent_simple_gla"])
def test_equals_flash_linear_attention(agree: Callable[..., None], plain: Callable[[str], Any], name: str) -> None:
    function = getattr(plain("retention" if name == "naive_retention" else "simple_gla"), name)
    decay = torch.tensor([math.log1p(-(2.0 ** (-5 - head))) for head in range(H)])

    def theirs(x: Tensor) -> Tensor:
        if name == "naive_retention":
            out: Tensor = function(*x)
            return out
        query, key, value = (part.transpose(1, 2) for part in x)
        mixed: Tensor = function(query, key, value, decay.expand(B, T, H))[0]
        return mixed.transpose(1, 2)

    agree(_ours, theirs, torch.randn(3, B, H, T, E, generator=torch.Generator().manual_seed(0)))
