"""Linear attention against performer-pytorch's sums over the features elu + 1."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import LinearMixer
from attnframe.masks import Causal, Extent, Full

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="distutils Version classes are deprecated")
    from performer_pytorch.performer_pytorch import causal_linear_attention_noncuda, linear_attention

H, T, E = 4, 150, 8


@pytest.mark.parametrize("causal", [False, True])
def test_equals_performer_pytorch(agree: Callable[..., None], causal: bool) -> None:
    call = Call(Causal() if causal else Full(), Extent(2, H, T, T))

    def ours(x: Tensor) -> Tensor:
        out: Tensor = LinearMixer()(*x, call)
        return out

    def theirs(x: Tensor) -> Tensor:
        query, key, value = x
        features = F.elu(query) + 1, F.elu(key) + 1
        if causal:
            out: Tensor = causal_linear_attention_noncuda(*features, value, eps=0.0)
        else:
            out = linear_attention(*features, value)
        return out

    agree(ours, theirs, torch.randn(3, 2, H, T, E, generator=torch.Generator().manual_seed(0)))
