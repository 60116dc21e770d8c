"""Sigmoid attention against x-transformers' Attend, to whose scores the shift -log n is added as a bias."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Sigmoid
from attnframe.masks import Causal, Extent, Full

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=r"`torch\.jit\.script` is deprecated")
    from x_transformers.attend import Attend

H, T, E = 4, 9, 8


@pytest.mark.parametrize("causal", [False, True])
def test_equals_x_transformers(agree: Callable[..., None], causal: bool) -> None:
    peer, mixer = Attend(sigmoid=True, causal=causal, heads=H), SoftmaxMixer(normaliser=Sigmoid())
    call = Call(Causal() if causal else Full(), Extent(2, H, T, T))
    seen = torch.arange(1.0, T + 1) if causal else torch.full((T,), float(T))

    def ours(x: Tensor) -> Tensor:
        out: Tensor = mixer(*x, call)
        return out

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(*x, attn_bias=-seen.log().view(1, 1, T, 1))[0]
        return out

    agree(ours, theirs, torch.randn(3, 2, H, T, E, generator=torch.Generator().manual_seed(0)))
