"""Flex attention: exact where it serves, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe import Attention
from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.eager import Eager
from attnframe.attention.backends.flex import Flex
from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Normaliser, Sinks, Softmax, SoftmaxPlusOne, Tempered
from attnframe.attention.plan import choose
from attnframe.attention.scores import Bilinear, Cosine, ScaledDot, Score, SoftCap, SquaredDistance
from attnframe.errors import UnsupportedError
from attnframe.masks import (
    Causal,
    Dense,
    Dilated,
    Documents,
    Edges,
    Extent,
    Full,
    Global,
    Mask,
    Padding,
    Prefix,
    RandomBlocks,
    Window,
    settle,
)
from attnframe.positions import Alibi, Shaw, T5Bias

Make = Callable[..., Any]
Ask = Callable[..., Any]
VALID = torch.arange(6) < torch.tensor([[6], [0]])


def _attend(query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting | None = None) -> Tensor:
    """Both backends' output, after they were held against each other."""
    weighting = weighting or Weighting(ScaledDot(4), Softmax())
    call = Call(settle(call.mask, call.extent), call.extent, call.bias)
    with torch.no_grad():
        ours = Flex().attend(query.detach(), key.detach(), value.detach(), call, weighting)
        torch.testing.assert_close(ours, Eager().attend(query, key, value, call, weighting), rtol=1e-12, atol=1e-12)
    return ours


@pytest.mark.parametrize(
    "mask",
    [
        Full(),
        Causal(),
        Causal() & Padding(VALID),
        Causal() | Prefix(torch.tensor([3, 0])),
        Documents(torch.arange(6)[None] // 2) & ~Window(1, 0),
        (Window(1, 1) | Global(1) | RandomBlocks(2, 1)) & Padding(VALID.flip(1)),
        Dilated(1, 1, (1, 2)),
        Dense(torch.zeros(6, 6, dtype=torch.bool)),
    ],
    ids=repr,
)
@pytest.mark.parametrize("kv_heads", [4, 2, 1])
def test_equals_eager_under_every_mask(make: Make, mask: Mask, kv_heads: int) -> None:
    out = _attend(*make(6, mask=mask, kv_heads=kv_heads))
    if isinstance(mask, Dense):
        assert not out.any()


@pytest.mark.parametrize(("queries", "keys", "start"), [(3, 6, None), (1, 6, None), (6, 3, None), (2, 6, 1)])
def test_equals_eager_for_other_sizes(make: Make, queries: int, keys: int, start: int | None) -> None:
    query, key, value, call = make(queries, keys, mask=Causal() & Window(2, 0))
    _attend(query, key, value, Call(call.mask, Extent(2, 4, queries, keys, start)))


@pytest.mark.parametrize("position", [None, Alibi(4), T5Bias(4, 8, 5).double()], ids=["none", "alibi", "t5"])
@pytest.mark.parametrize("normaliser", [Softmax(), SoftmaxPlusOne(), Tempered(Sinks(4).double(), 0.5)], ids=repr)
@pytest.mark.parametrize(
    "score",
    [SoftCap(ScaledDot(4), 0.5), Bilinear(4, 4).double(), Cosine(4).double(), SquaredDistance(4)],
    ids=lambda score: type(score).__name__,
)
def test_equals_eager_for_scores_normalisers_and_positions(
    make: Make, position: Any, normaliser: Normaliser, score: Score
) -> None:
    if isinstance(normaliser, Tempered):
        torch.nn.init.normal_(normaliser.inner.logits)
    places = torch.tensor([[0, 1, 2, 5, 9, 3]])
    bias = None if position is None else PositionBias(position, places, places)
    query, key, value, call = make(6, mask=Causal() & Padding(VALID), bias=bias)
    out = _attend(query, key, value, call, Weighting(score, normaliser))
    assert not out[1].any()


def test_values_may_have_a_width_of_their_own(make: Make) -> None:
    query, key, value, call = make(6, mask=Causal())
    assert _attend(query, key, value[..., :3], call).shape == (2, 4, 6, 3)


def test_a_named_backend_serves_a_layer_without_gradients_and_refuses_them() -> None:
    layer, x = Attention(8, 2, causal=True, mixer=SoftmaxMixer(backend="flex")), torch.randn(2, 6, 8)
    other = Attention(8, 2, causal=True)
    other.load_state_dict(layer.state_dict())
    with torch.no_grad():
        torch.testing.assert_close(layer(x, mask=Padding(VALID)), other(x, mask=Padding(VALID)))
    with pytest.raises(UnsupportedError) as caught:
        layer(x)
    said = str(caught.value)
    assert "torch has no gradients of it on cpu" in said
    assert said.endswith("Use attention.backend=auto or attention.backend=sdpa or attention.backend=eager.")


def test_a_traced_layer_takes_it_whole(make: Make) -> None:
    layer = Attention(
        8, 2, causal=True, position=Alibi(2), mixer=SoftmaxMixer(SoftCap(ScaledDot(4), 2.0), backend="flex")
    )
    x, mask = torch.randn(2, 6, 8), Padding(VALID) & Window(2, None)
    with torch.no_grad():
        traced = torch.compile(layer, backend="eager", fullgraph=True)
        torch.testing.assert_close(traced(x, mask=mask), layer(x, mask=mask))


@pytest.mark.parametrize(
    ("mask", "changed", "said"),
    [
        (~Edges(torch.tensor([[0], [1]]), 4096), {}, "an Edges mask looks its pairs up in a list"),
        (None, {"dot": False, "score": "Additive"}, "the Additive score is no dot product of mapped queries and keys"),
        (None, {"softmax": False, "normaliser": "Entmax"}, "its normaliser is softmax, not Entmax"),
        (None, {"bias": True, "position": "Shaw"}, "Shaw is no elementwise function of one query and one key"),
        (None, {"dropout": True}, "it drops no weights"),
        (None, {"device": "cpu"}, "torch has no gradients of it on cpu"),
        (None, {"device": "mps"}, "it runs on cuda and cpu, not on mps"),
        (None, {"dtype": torch.float64}, "its kernels take no float64"),
        (None, {"head_dim": 8}, "its kernels take a head width of at least 16, not 8"),
    ],
)
def test_refuses_with_the_reason(ask: Ask, mask: Mask | None, changed: dict[str, Any], said: str) -> None:
    (reason,) = Flex(compiles=True).why_not(ask(mask, **changed))
    assert reason.startswith(said)


def test_needs_a_compiler_on_cuda_only(ask: Ask) -> None:
    (reason,) = Flex(compiles=False).why_not(ask(Causal()))
    assert reason == "Triton, which compiles its kernels, is not installed (pip install triton)"
    assert Flex(compiles=False).why_not(ask(Causal(), device="cpu", grad=False)) == []


@pytest.mark.parametrize(
    ("mask", "changed"),
    [
        (Window(64, 64) | Global(4), {}),
        (Causal() & Window(256, None), {"head_dim": 128, "dtype": torch.float16}),
        (Causal() & Padding(torch.ones(2, 4096, dtype=torch.bool)), {}),
        (Causal(), {"capped": True, "dot": False, "score": "SoftCap"}),
        (None, {"bias": True, "position": "T5Bias", "score_mod": True}),
        (Causal(), {"keys": 8192}),
        (RandomBlocks(64, 2) | Window(64, 64), {"sink": True, "normaliser": "Sinks"}),
        (Documents(torch.zeros(2, 4096, dtype=torch.long)) & Window(64, 0), {"kv_heads": 2}),
    ],
    ids=repr,
)
def test_is_wanted_on_cuda_where_it_saves(ask: Ask, mask: Mask | None, changed: dict[str, Any]) -> None:
    request = ask(mask, **changed)
    assert Flex(compiles=True).why_not(request) == []
    assert Flex(compiles=True).why_slow(request) == []


@pytest.mark.parametrize(
    ("mask", "changed", "said"),
    [
        (None, {}, "torch's own kernel has a form for this mask"),
        (Causal(), {}, "torch's own kernel has a form for this mask"),
        (Causal(), {"bias": True, "ramp": True, "score_mod": True}, "torch's own kernel has a form for this mask"),
        (Dense(torch.ones(1, 1, dtype=torch.bool)), {}, "torch's own kernel has a form for this mask"),
        (Window(64, 64), {"queries": 1000}, "1000 queries do not repay compiling a kernel"),
        (Window(64, 64), {"dtype": torch.float32}, "its kernels are made for half precision"),
        (Window(64, 64), {"head_dim": 48}, "its kernels fill the head width 48 up to a power of two"),
        (Window(64, 64), {"device": "cpu", "grad": False}, "on cpu it is no fused kernel, and makes every score"),
    ],
)
def test_is_passed_over_with_the_reason(ask: Ask, mask: Mask | None, changed: dict[str, Any], said: str) -> None:
    request = ask(mask, **changed)
    assert Flex(compiles=True).why_not(request) == []
    assert Flex(compiles=True).why_slow(request) == [said]


def test_notes_say_how_it_writes_positions_and_sinks(ask: Ask) -> None:
    request = ask(Causal(), bias=True, position="Alibi", score_mod=True, sink=True)
    assert Flex().notes(request) == ["Alibi is a function of each score", "the sink is taken from the log-sum-exp"]


def test_memory_is_every_score_on_a_cpu_and_blocks_on_cuda(ask: Ask) -> None:
    scores = 2 * 8 * 4096 * 4096
    assert Flex().memory(ask(Window(1, 1), device="cpu")) >= 4 * scores
    assert Flex().memory(ask(Window(1, 1))) < scores / 64


def test_positions_that_read_queries_are_refused_by_a_layer() -> None:
    layer = Attention(8, 2, position=Shaw(4), mixer=SoftmaxMixer(backend="flex"))
    with torch.no_grad(), pytest.raises(UnsupportedError, match="Shaw is no elementwise function of one query"):
        layer(torch.randn(2, 6, 8))


def test_a_planner_falls_back_from_it(ask: Ask) -> None:
    plan = choose(ask(Window(64, 64), dropout=True), (Flex(compiles=True), Eager()), "auto")
    assert plan.chosen == "eager"
    assert "it drops no weights" in plan.reasons()
