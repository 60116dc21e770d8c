"""Temperatures against torch's scaled_dot_product_attention with a scale of its own, forward and gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Softmax, Tempered
from attnframe.masks import Causal, Extent

H, T, E = 4, 9, 8


@pytest.mark.parametrize("temperature", [0.25, 3.0])
@pytest.mark.parametrize("backend", ["eager", "sdpa"])
def test_equals_torch(agree: Callable[..., None], temperature: float, backend: Any) -> None:
    mixer = SoftmaxMixer(normaliser=Tempered(Softmax(), temperature), backend=backend)
    call = Call(Causal(), Extent(2, H, T, T))

    def ours(x: Tensor) -> Tensor:
        out: Tensor = mixer(*x, call)
        return out

    def theirs(x: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(*x, is_causal=True, scale=E**-0.5 / temperature)

    agree(ours, theirs, torch.randn(3, 2, H, T, E, generator=torch.Generator().manual_seed(0)))
