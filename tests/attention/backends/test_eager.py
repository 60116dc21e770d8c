"""The eager backend: chunks change nothing, keep nothing large, and skip keys out of reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.backends import chunks
from attnframe.attention.backends.base import Pattern, Weighting
from attnframe.attention.backends.eager import CHUNK_BYTES, Eager
from attnframe.attention.layer import Attention
from attnframe.attention.mixer import PositionBias
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Sigmoid, Softmax, Sparsemax
from attnframe.attention.reference import reference_attention
from attnframe.attention.scores import (
    Additive,
    Bilinear,
    Cosine,
    Dot,
    DynamicGraphAttentionScore,
    ScaledDot,
    Score,
    SoftCap,
)
from attnframe.masks import Causal, Full, Mask, Padding, Window, lower
from attnframe.positions import Alibi, BiasPosition
from attnframe.testing.largest_tensor import LargestTensor

Make = Callable[..., Any]


def _scores() -> list[Score]:
    torch.manual_seed(0)
    return [score.double() for score in (ScaledDot(4), Dot(), Cosine(4), Additive(4, 4, 3), Bilinear(4, 4))]


class _Learned(BiasPosition):
    """A bias with a parameter."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = torch.nn.Parameter(torch.linspace(0.1, 1, 4, dtype=torch.float64))

    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        distance = query_positions.unsqueeze(-1) - key_positions.unsqueeze(-2)
        return -self.slope.view(-1, 1, 1) * distance.abs().unsqueeze(1)


@pytest.mark.parametrize("normaliser", ["softmax", "sparsemax", "sigmoid"])
@pytest.mark.parametrize("mask", [Full(), Causal(), Window(2, 1)])
@pytest.mark.parametrize("chunk", [None, 2])
def test_equals_the_reference_for_every_normaliser(make: Make, normaliser: Any, mask: Mask, chunk: int | None) -> None:
    query, key, value, call = make(7, mask=mask)
    module = {"softmax": Softmax(), "sparsemax": Sparsemax(), "sigmoid": Sigmoid()}[normaliser]
    out = Eager().attend(query, key, value, call, Weighting(ScaledDot(4), module, chunk=chunk))
    expected = reference_attention(query, key, value, lower(mask, call.extent), normaliser=normaliser)
    torch.testing.assert_close(out, expected)


@pytest.mark.parametrize("score", _scores(), ids=lambda score: type(score).__name__)
@pytest.mark.parametrize("normaliser", [Softmax(), Sparsemax(), Sigmoid()], ids=lambda one: type(one).__name__)
def test_chunks_change_no_output_and_no_gradient_of_anything(make: Make, score: Score, normaliser: Any) -> None:
    bias = _Learned()
    positions = torch.arange(9).unsqueeze(0)
    mask = Causal() & Padding(torch.arange(9).expand(2, -1) < torch.tensor([[9], [4]]))
    results = []
    for chunk in (100, 1, 2, 4):
        query, key, value, call = make(9, mask=mask, bias=PositionBias(bias, positions, positions))
        weighting = Weighting(score, normaliser, chunk=chunk)
        out = Eager().attend(query, key, value, call, weighting)
        wanted = [query, key, value, bias.slope, *score.parameters()]
        results.append((out, *torch.autograd.grad(out.square().sum(), wanted)))
    for other in results[1:]:
        for one, first in zip(other, results[0], strict=True):
            torch.testing.assert_close(one, first)


def test_dropout_is_drawn_again_alike_in_the_backward_pass(make: Make) -> None:
    query, key, value, call = make(8, mask=Causal())
    weighting = Weighting(ScaledDot(4), Softmax(), dropout=0.5, chunk=3)

    def run(value: Tensor) -> Tensor:
        torch.manual_seed(3)
        return Eager().attend(query, key, value, call, weighting)

    # The output is linear in the values for a fixed draw, so the gradient must reproduce it.
    out = run(value)
    grad = torch.autograd.grad(out.sum(), value)[0]
    torch.testing.assert_close((grad * value).sum(), out.sum())
    assert (out == 0).any()


def test_the_backward_pass_leaves_the_random_state_alone(make: Make) -> None:
    query, key, value, call = make(8)
    out = Eager().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax(), dropout=0.5, chunk=3))
    before = torch.get_rng_state()
    out.sum().backward()
    assert torch.equal(before, torch.get_rng_state())


def test_nothing_as_large_as_the_scores_is_kept_for_the_backward_pass(make: Make) -> None:
    query, key, value, call = make(64, mask=Causal())
    kept: list[int] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor.numel())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        Eager().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax(), chunk=8))
    assert max(kept) <= 2 * 4 * 64 * 4
    assert max(kept) < 2 * 4 * 64 * 64


def test_keys_out_of_reach_are_not_scored(make: Make) -> None:
    _, _, _, call = make(12, mask=Causal() & Window(3, 5))
    spans = [
        (b.rows.start, b.columns.start, b.columns.stop)
        for b in chunks.blocks(call, Pattern.of(call.mask, call.extent), 4)
    ]
    assert spans == [(0, 0, 4), (4, 1, 8), (8, 5, 12)]


def test_spans_count_from_the_position_of_the_queries(make: Make) -> None:
    _, _, _, call = make(2, 10, mask=Window(3, 0))
    assert chunks.blocks(call, Pattern.of(call.mask, call.extent), 1)[0].columns == slice(5, 9)


def test_it_trains_under_autocast(make: Make) -> None:
    query, key, value, call = make(8)
    leaves = [one.detach().float().requires_grad_() for one in (query, key, value)]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = Eager().attend(*leaves, call, Weighting(ScaledDot(4), Softmax(), chunk=3))
    out.float().sum().backward()
    assert all(leaf.grad is not None and leaf.grad.isfinite().all() for leaf in leaves)


def test_a_padded_key_may_hold_anything(make: Make) -> None:
    query, key, value, call = make(5, mask=Padding(torch.tensor([[True] * 3 + [False] * 2] * 2)))
    with torch.no_grad():
        key[:, :, 3:] = float("nan")
    out = Eager().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    assert out.isfinite().all()


def test_alibi_equals_the_reference(make: Make) -> None:
    alibi, positions = Alibi(4), torch.arange(6).unsqueeze(0)
    query, key, value, call = make(6, mask=Causal(), bias=PositionBias(alibi, positions, positions))
    out = Eager().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax(), chunk=2))
    allowed = lower(Causal(), call.extent)
    expected = reference_attention(query, key, value, allowed, bias=alibi.bias(positions, positions).double())
    torch.testing.assert_close(out, expected)


@pytest.mark.parametrize("score", [Additive(1, 32), DynamicGraphAttentionScore(1, 32), SoftCap(Additive(1, 32), 5.0)])
def test_the_hidden_layer_of_a_score_is_held_for_a_chunk_of_queries_only(score: Score) -> None:
    torch.manual_seed(0)
    layer = Attention(32, 1, mixer=SoftmaxMixer(score=score))
    x = torch.randn(1, 768, 32).requires_grad_()
    with LargestTensor() as found:
        torch.autograd.grad(layer(x).sum(), (x, *layer.parameters()))
    assert 768 * 32 <= found.numbers <= max(CHUNK_BYTES // 4, 768 * 768)
