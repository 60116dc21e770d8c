"""Causal attention over 8,192 tokens, forward and backward: no tensor of queries times keys is made."""

from __future__ import annotations

import pytest
import torch

from attnframe import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Normaliser, Sinks, Softmax, SoftmaxPlusOne
from attnframe.positions import Alibi
from attnframe.testing.largest_tensor import LargestTensor

LENGTH, WIDTH = 8192, 8


def largest(layer: Attention) -> int:
    x = torch.randn(1, LENGTH, WIDTH, generator=torch.Generator().manual_seed(0)).requires_grad_()
    with LargestTensor() as found:
        torch.autograd.grad(layer(x).sum(), (x, *layer.parameters()))
    return found.numbers


@pytest.mark.parametrize(
    ("normaliser", "alibi"),
    [(SoftmaxPlusOne(), False), (Softmax(), True), (Sinks(1), True)],
    ids=["softmax_plus_one", "alibi", "sinks and alibi"],
)
def test_the_fused_path(normaliser: Normaliser, alibi: bool) -> None:
    """Linear in the length: queries, keys and values, and some more features of them."""
    layer = Attention(
        WIDTH, 1, causal=True, position=Alibi(1) if alibi else None, mixer=SoftmaxMixer(normaliser=normaliser)
    )
    assert layer.plan(torch.zeros(1, LENGTH, WIDTH)).chosen == "sdpa"
    assert largest(layer) <= 8 * WIDTH * LENGTH


def test_the_eager_path() -> None:
    """Chunks of queries: an eighth of all scores at most."""
    layer = Attention(WIDTH, 1, causal=True, mixer=SoftmaxMixer(backend="eager"))
    assert largest(layer) <= LENGTH * LENGTH // 8
