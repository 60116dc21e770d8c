"""Causal attention over 8,192 tokens, forward and backward: no tensor of queries times keys is made."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from attnframe import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Normaliser, Sinks, Softmax, SoftmaxPlusOne
from attnframe.positions import Alibi

LENGTH, WIDTH = 8192, 8


class Largest(TorchDispatchMode):
    """How many numbers the largest tensor has that an operator gives, views by the memory behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for one in out if isinstance(out, tuple | list) else (out,):
            if isinstance(one, Tensor):
                self.numbers = max(self.numbers, one.untyped_storage().nbytes() // one.itemsize)
        return out


def largest(layer: Attention) -> int:
    x = torch.randn(1, LENGTH, WIDTH, generator=torch.Generator().manual_seed(0)).requires_grad_()
    with Largest() as found:
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
