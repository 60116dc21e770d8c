"""Flash attention: what it is given, what it refuses, and the whole of it around a kernel written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.eager import Eager
from attnframe.attention.backends.flash import Flash
from attnframe.attention.backends.flex import Flex
from attnframe.attention.backends.sdpa import Sdpa
from attnframe.attention.mixer import Call
from attnframe.attention.normalisers import Softmax, Tempered
from attnframe.attention.plan import choose
from attnframe.attention.scores import Bilinear, ScaledDot, SoftCap
from attnframe.masks import Causal, Documents, Extent, Full, Mask, Padding, Prefix, Window
from attnframe.masks.sequences import Sequences

Make = Callable[..., Any]
Ask = Callable[..., Any]
VALID = torch.arange(6) < torch.tensor([[4], [0]])
IDS = torch.tensor([[3, 1, 3, 3, 1, 2], [0, 0, 0, 5, 5, 5]])


def written_out(
    query: Tensor, key: Tensor, value: Tensor, parts: Sequences, scale: float, cap: float | None, dropout: float
) -> Tensor:
    """The definition of flash attention's arguments, sequence by sequence; a query without a key gives NaN where its
    sequence has none, 0 where its window has none.
    """
    assert not dropout
    groups = query.shape[1] // key.shape[1]
    assert query.shape[2] == key.shape[2] == value.shape[2]
    assert query.shape[2] % 8 == 0
    out = query * 0 + float("nan")
    for first, last, low, high in zip(
        *(e[i:] for e in (parts.query_ends, parts.key_ends) for i in (0, 1)), strict=False
    ):
        rows, columns = query[first:last], slice(int(low), int(high))
        if low == high:
            continue
        keys, values = (x[columns].repeat_interleave(groups, dim=1) for x in (key, value))
        scores = torch.einsum("the,she->hts", rows, keys) * scale
        scores = scores if cap is None else cap * torch.tanh(scores / cap)
        offset = torch.arange(len(keys)) - torch.arange(len(rows)).unsqueeze(1) - (len(keys) - len(rows))
        left, right = (side if side >= 0 else len(query) + len(key) for side in (parts.left, parts.right))
        inside = (offset >= -left) & (offset <= right)
        weights = scores.masked_fill(~inside, -1e30).softmax(-1).masked_fill(~inside, 0.0)
        out[first:last] = torch.einsum("hts,she->the", weights, values)
    return out


@pytest.mark.parametrize(
    "mask",
    [
        Full(),
        Causal(),
        Window(2, 1),
        Causal() & Window(1, None),
        Padding(VALID),
        Documents(IDS),
        Causal() & Documents(IDS),
        Documents(IDS) & Padding(VALID.flip(0)),
        Documents(IDS, IDS.flip(1)),
    ],
    ids=repr,
)
@pytest.mark.parametrize("kv_heads", [4, 2])
def test_equals_eager_in_output_and_gradient(make: Make, mask: Mask, kv_heads: int) -> None:
    results = []
    for backend in (Flash(kernel=written_out), Eager()):
        query, key, value, call = make(6, mask=mask, kv_heads=kv_heads)
        out = backend.attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
        results.append((out, *torch.autograd.grad(out.square().sum(), (query, key, value))))
    for ours, theirs in zip(*results, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("queries", "keys"), [(2, 6), (1, 6), (6, 3)])
@pytest.mark.parametrize("mask", [Causal(), Window(1, 1)], ids=repr)
def test_the_last_query_stands_at_the_last_key(make: Make, queries: int, keys: int, mask: Mask) -> None:
    query, key, value, call = make(queries, keys, mask=mask)
    weighting = Weighting(ScaledDot(4), Softmax())
    ours, theirs = (one.attend(query, key, value, call, weighting) for one in (Flash(kernel=written_out), Eager()))
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "weighting",
    [
        Weighting(SoftCap(ScaledDot(4), 0.5), Softmax()),
        Weighting(Bilinear(4, 4).double(), Tempered(Softmax(), 0.5)),
    ],
    ids=["soft cap", "bilinear, tempered"],
)
def test_maps_scales_and_caps(make: Make, weighting: Weighting) -> None:
    query, key, value, call = make(6, mask=Causal())
    value = value[..., :3]
    ours, theirs = (one.attend(query, key, value, call, weighting) for one in (Flash(kernel=written_out), Eager()))
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("mask", "changed", "said"),
    [
        (None, {"device": "cpu"}, "it runs on cuda, not on cpu"),
        (Prefix(2), {}, "a mask of the kind Prefix is no form of sequences with a window"),
        (Causal() | Prefix(2), {}, "a mask of the kind Or is no form of sequences with a window"),
        (Causal() & Padding(VALID), {}, "keys left out as padding would shift a causal mask or window"),
        (Causal(), {"start": 3}, "the last query does not stand at the last key"),
        (Padding(VALID), {"traced": True}, "lengths of sequences cannot be read from a mask while a graph is traced"),
        (None, {"dtype": torch.float32}, "it takes bfloat16 and float16, not float32"),
        (None, {"head_dim": 257}, "it takes a head width of at most 256, not 257"),
        (None, {"dot": False, "score": "Additive"}, "the Additive score is no dot product of mapped queries and keys"),
        (None, {"softmax": False, "normaliser": "Relu"}, "its normaliser is softmax, not Relu"),
        (None, {"sink": True}, "a sink is learned from the log-sum-exp, of which it has no gradient"),
        (None, {"bias": True, "position": "Alibi"}, "it adds no position bias such as Alibi"),
        (None, {"capped": True, "normaliser": "Tempered"}, "it has no temperature after a soft cap"),
    ],
)
def test_refuses_with_the_reason(ask: Ask, mask: Mask | None, changed: dict[str, Any], said: str) -> None:
    (reason,) = Flash(package=True).why_not(ask(mask, **changed))
    assert reason.startswith(said)


def test_dropout_and_soft_caps_need_the_package(ask: Ask) -> None:
    request = ask(Window(2, 1), dropout=True, capped=True, dot=False)
    said = "dropout and a soft cap need flash-attn, which is not installed (pip install flash-attn)"
    assert Flash(package=False).why_not(request) == [said]
    assert Flash(package=True).why_not(request) == []
    assert Flash(package=False).why_not(ask(Window(2, 1))) == []
    assert Flash().notes(request) == ["by flash-attn"]
    assert Flash().notes(ask(Causal())) == ["by torch.nn.attention.varlen"]


@pytest.mark.parametrize(
    ("mask", "changed", "chosen"),
    [
        (None, {}, "sdpa"),
        (Causal(), {}, "sdpa"),
        (Causal(), {"keys": 8192}, "flash"),
        (Causal(), {"queries": 1, "keys": 8192}, "sdpa"),
        (Window(64, 64), {}, "flash"),
        (Window(64, 64), {"traced": True}, "flash"),
        (Padding(VALID), {}, "flash"),
        (Causal() & Documents(IDS), {}, "flash"),
        (Causal() & Documents(IDS), {"traced": True}, "flex"),
        (Causal() & Documents(IDS), {"dtype": torch.float32}, "sdpa"),
        (Causal() & Padding(VALID), {}, "flex"),
        (Causal() & Documents(IDS) & Window(64, None), {}, "flex"),
        (Causal() | Prefix(9), {}, "flex"),
        (Causal(), {"bias": True, "position": "Alibi", "score_mod": True, "ramp": True}, "sdpa"),
        (Window(64, 64), {"bias": True, "position": "Alibi", "score_mod": True}, "flex"),
        (Window(64, 64), {"bias": True, "position": "Swin"}, "sdpa"),
        (Causal(), {"dot": False, "capped": True, "score": "SoftCap"}, "flex"),
        (Causal(), {"dropout": True}, "sdpa"),
    ],
    ids=repr,
)
def test_what_auto_takes_on_cuda(ask: Ask, mask: Mask | None, changed: dict[str, Any], chosen: str) -> None:
    backends = (Flash(package=False), Flex(compiles=True), Sdpa(), Eager())
    assert choose(ask(mask, **changed), backends, "auto").chosen == chosen


def test_no_sequence_has_a_key(make: Make) -> None:
    query, key, value, _ = make(6)
    call = Call(Padding(torch.zeros(2, 6, dtype=torch.bool)), Extent(2, 4, 6, 6))
    out = Flash(kernel=written_out).attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    assert not out.any()
    out.sum().backward()
    assert not query.grad.any()
