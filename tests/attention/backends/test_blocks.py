"""Window attention in blocks equals the window as a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.backends import blocks
from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.blocks import Blocks
from attnframe.attention.backends.eager import Eager
from attnframe.attention.mixer import PositionBias
from attnframe.attention.normalisers import Softmax
from attnframe.attention.scores import ScaledDot
from attnframe.masks import Causal, Documents, Full, Function, Mask, Padding, Window
from attnframe.positions import Alibi

Make = Callable[..., Any]


@pytest.mark.parametrize("length", [1, 5, 12, 13, 24])
@pytest.mark.parametrize("window", [Window(0, 0), Window(2, 0), Window(1, 3), Causal() & Window(5, None)], ids=repr)
@pytest.mark.parametrize("kv_heads", [1, 4])
def test_equals_the_dense_form(
    make: Make, monkeypatch: pytest.MonkeyPatch, length: int, window: Mask, kv_heads: int
) -> None:
    monkeypatch.setattr(blocks, "SMALLEST", 4)
    results = []
    for backend in (Blocks(), Eager()):
        query, key, value, call = make(length, mask=window, kv_heads=kv_heads)
        out = backend.attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
        results.append((out, *torch.autograd.grad(out.square().sum(), (query, key, value))))
    for one, first in zip(*results, strict=True):
        torch.testing.assert_close(one, first)


@pytest.mark.parametrize(
    "other",
    [
        Full(),
        Padding(torch.arange(13).expand(2, -1) < torch.tensor([[9], [0]])),
        Documents(torch.arange(13).expand(2, -1) // 5),
        Function(lambda batch, head, query, key: (batch + head + query * key) % 3 != 0),
    ],
    ids=lambda mask: type(mask).__name__,
)
def test_other_masks_and_a_bias_hold_inside_the_blocks(
    make: Make, monkeypatch: pytest.MonkeyPatch, other: Mask
) -> None:
    monkeypatch.setattr(blocks, "SMALLEST", 4)
    positions = torch.arange(13).unsqueeze(0) * torch.tensor([[1], [2]])
    results = []
    for backend in (Blocks(), Eager()):
        bias = PositionBias(Alibi(4), positions, positions)
        query, key, value, call = make(13, mask=Window(3, 1) & other, bias=bias)
        out = backend.attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
        results.append((out, *torch.autograd.grad(out.square().sum(), (query, key, value))))
    for one, first in zip(*results, strict=True):
        torch.testing.assert_close(one, first)


def test_no_tensor_of_queries_times_keys_is_made(make: Make) -> None:
    query, key, value, call = make(40_000, mask=Window(4, 0), batch=1)
    out = Blocks().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    assert out.shape == query.shape
    assert out.isfinite().all()
