"""Negative squared distances as scores against x-transformers' Attend."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.scores import SquaredDistance
from attnframe.masks import Causal, Extent, Full

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=r"`torch\.jit\.script` is deprecated")
    from x_transformers.attend import Attend

H, T, E = 4, 9, 8


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
def test_equals_x_transformers(agree: Callable[..., None], causal: bool, backend: Any) -> None:
    peer = Attend(l2_distance=True, causal=causal, heads=H)
    mixer = SoftmaxMixer(SquaredDistance(E), backend=backend)
    call = Call(Causal() if causal else Full(), Extent(2, H, T, T))

    def ours(x: Tensor) -> Tensor:
        out: Tensor = mixer(*x, call)
        return out

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(*x)[0]
        return out

    agree(ours, theirs, torch.randn(3, 2, H, T, E, generator=torch.Generator().manual_seed(0)))
