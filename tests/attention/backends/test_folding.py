"""Sinks and causal ALiBi folded into queries and keys: the definition, on the causal fast path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.eager import Eager
from attnframe.attention.backends.folding import is_ramp
from attnframe.attention.backends.sdpa import Sdpa
from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Normaliser, Sinks, Softmax, SoftmaxPlusOne, Tempered
from attnframe.attention.scores import Cosine, ScaledDot, SquaredDistance
from attnframe.masks import Causal, Dense, Documents, Extent, Full, Mask, Padding, Window
from attnframe.positions import Alibi

Make = Callable[..., Any]
ARANGE = torch.arange(7).unsqueeze(0)


def sinks() -> Sinks:
    made = Sinks(4).double()
    with torch.no_grad():
        made.logits.copy_(torch.tensor([-1.0, 0.0, 0.5, 2.0]))
    return made


def both(make: Make, weighting: Weighting, **given: Any) -> list[tuple[Tensor, ...]]:
    """Output and gradients of the fused and of the plain form."""
    results = []
    for backend in (Sdpa(), Eager()):
        query, key, value, call = make(7, **given)
        parameters = weighting.parameters(call)
        out = backend.attend(query, key, value, call, weighting)
        direction = torch.randn(out.shape, generator=torch.Generator().manual_seed(5), dtype=out.dtype)
        results.append((out, *torch.autograd.grad(out, (query, key, value, *parameters), direction)))
    return results


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The keyword arguments that torch's function is called with."""
    calls: list[dict[str, Any]] = []
    fused = F.scaled_dot_product_attention

    def record(*tensors: Tensor, **options: Any) -> Tensor:
        calls.append(options | {"widths": [tensor.shape[-1] for tensor in tensors]})
        return fused(*tensors, **options)

    monkeypatch.setattr(F, "scaled_dot_product_attention", record)
    return calls


NORMALISERS = {
    "sinks": sinks(),
    "plus one": SoftmaxPlusOne(),
    "tempered": Tempered(Softmax(), 0.5),
    "tempered sinks": Tempered(sinks(), 2.0),
    "softmax": Softmax(),
}
MASKS: dict[str, Mask] = {
    "full": Full(),
    "causal": Causal(),
    "window": Causal() & Window(2, 0),
    "dense": Dense(torch.rand(2, 1, 7, 7, generator=torch.Generator().manual_seed(0)) > 0.6),
    "padding": Causal() & Padding(torch.arange(7) < torch.tensor([[7], [0]])),
}


@pytest.mark.parametrize("normaliser", NORMALISERS)
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("alibi", [False, True], ids=["", "alibi"])
def test_equals_the_plain_form(make: Make, normaliser: str, mask: str, alibi: bool) -> None:
    bias = PositionBias(Alibi(4), ARANGE, ARANGE) if alibi else None
    weighting = Weighting(ScaledDot(4), NORMALISERS[normaliser])
    for one, other in zip(*both(make, weighting, mask=MASKS[mask], bias=bias), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("score", [Cosine(4).double(), SquaredDistance(4)], ids=lambda score: type(score).__name__)
def test_equals_the_plain_form_for_other_scores(make: Make, score: Any) -> None:
    bias = PositionBias(Alibi(4), ARANGE, ARANGE)
    for one, other in zip(*both(make, Weighting(score, sinks()), mask=Causal(), bias=bias), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("normaliser", "alibi", "width"),
    [(Softmax(), False, 4), (sinks(), False, 5), (Softmax(), True, 5), (sinks(), True, 6)],
)
def test_causal_calls_keep_the_flag_and_make_no_mask(
    make: Make, given: list[dict[str, Any]], normaliser: Normaliser, alibi: bool, width: int
) -> None:
    bias = PositionBias(Alibi(4), ARANGE, ARANGE) if alibi else None
    query, key, value, call = make(7, mask=Causal(), bias=bias)
    Sdpa().attend(query, key, value, call, Weighting(ScaledDot(4), normaliser))
    assert given[0]["is_causal"]
    assert given[0].get("attn_mask") is None
    assert given[0]["widths"] == [width] * 3


def test_positions_that_repeat_or_leave_gaps_are_folded_and_others_are_not(make: Make) -> None:
    for positions, folded in (([0, 1, 1, 5, 9, 9, 40], True), ([0, 1, 2, 0, 1, 2, 3], False)):
        tensor = torch.tensor([positions])
        bias = PositionBias(Alibi(4), tensor, tensor.clone())
        call = make(7, mask=Causal(), bias=bias)[3]
        assert is_ramp(call, torch.float32) == folded
        for one, other in zip(*both(make, Weighting(ScaledDot(4), sinks()), mask=Causal(), bias=bias), strict=True):
            torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("mask", "extent", "ramp"),
    [
        (Causal(), Extent(2, 4, 7, 7), True),
        (Causal() & Documents(ARANGE // 3), Extent(2, 4, 7, 7), True),
        (Full(), Extent(2, 4, 7, 7), False),
        (Causal() | Window(1, 1), Extent(2, 4, 7, 7), False),
        (Causal(), Extent(2, 4, 7, 7, query_start=1), False),
        (Causal(), Extent(2, 4, 7, 7, key_positions=torch.arange(7)), False),
    ],
)
def test_only_keys_that_surely_stand_before_their_queries_are_folded(mask: Mask, extent: Extent, ramp: bool) -> None:
    bias = PositionBias(Alibi(4), ARANGE, ARANGE)
    assert is_ramp(Call(mask, extent, bias), torch.float32) == ramp


def test_distances_beyond_half_precision_are_not_folded() -> None:
    for dtype, reach in ((torch.float16, 2**13), (torch.bfloat16, 2**16)):
        for positions, ramp in ((torch.tensor([[0, reach]]), True), (torch.tensor([[0, reach + 1]]), False)):
            call = Call(Causal(), Extent(1, 4, 2, 2), PositionBias(Alibi(4), positions, positions))
            assert is_ramp(call, dtype) == ramp
            assert is_ramp(call, torch.float32)


@pytest.mark.parametrize("heads", [4, 6])
@pytest.mark.parametrize("normaliser", ["softmax", "sinks"])
def test_bfloat16_is_no_worse_than_the_written_out_form(heads: int, normaliser: str) -> None:
    length, width = 1024, 48
    generator = torch.Generator().manual_seed(0)
    tensors = [torch.randn(1, heads, length, width, generator=generator).bfloat16() for _ in range(3)]
    positions = torch.arange(length).unsqueeze(0)
    call = Call(Causal(), Extent(1, heads, length, length), PositionBias(Alibi(heads), positions, positions))
    weighting = Weighting(ScaledDot(width), Softmax() if normaliser == "softmax" else Sinks(heads))
    query, key, value = tensors
    exact = Eager().attend(query.double(), key.double(), value.double(), call, weighting)
    bias = Alibi(heads).bias(positions, positions)
    mask = torch.where(torch.ones(length, length, dtype=torch.bool).tril(), bias, float("-inf")).bfloat16()
    if normaliser == "sinks":
        mask = F.pad(mask, (1, 0))
        key, value = F.pad(key, (0, 0, 1, 0)), F.pad(value, (0, 0, 1, 0))
    written_out = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    folded = Sdpa().attend(*tensors, call, weighting)
    assert (folded - exact).abs().max() <= (written_out - exact).abs().max()


def test_the_planner_says_so(make: Make) -> None:
    bias = PositionBias(Alibi(4), ARANGE, ARANGE)
    table = SoftmaxMixer(normaliser=sinks()).plan(*make(7, mask=Causal(), bias=bias)).reasons()
    line = next(line for line in table.splitlines() if line.startswith("sdpa"))
    assert "chosen" in line
    assert "the position bias is folded into features of queries and keys; the sink is folded into one more key" in line


def test_values_narrower_than_keys_stay_on_the_fused_kernel(make: Make, given: list[dict[str, Any]]) -> None:
    query, key, value, call = make(7, mask=Causal())
    out = Sdpa().attend(query, key, value[..., :3], call, Weighting(ScaledDot(4), Softmax()))
    torch.testing.assert_close(out, Sdpa().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))[..., :3])
    assert given[0]["widths"] == [4, 4, 4]
