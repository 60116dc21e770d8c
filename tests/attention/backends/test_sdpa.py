"""The fused backend: what it is given, exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
import torch
from torch.nn import functional as F

from attnframe import Attention
from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.sdpa import Sdpa, attend_one
from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Softmax
from attnframe.attention.reference import reference_attention
from attnframe.attention.scores import Bilinear, Cosine, Dot, DotScore, ScaledDot
from attnframe.masks import Causal, Dense, Extent, Full, Function, Mask, Padding, Window, lower
from attnframe.positions import Alibi

Make = Callable[..., Any]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The keyword arguments that torch's function is called with; it is called all the same."""
    calls: list[dict[str, Any]] = []
    fused = F.scaled_dot_product_attention

    def record(*tensors: torch.Tensor, **options: Any) -> torch.Tensor:
        calls.append(options)
        return fused(*tensors, **options)

    monkeypatch.setattr(F, "scaled_dot_product_attention", record)
    return calls


def _attend(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, call: Call) -> torch.Tensor:
    return Sdpa().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))


@pytest.mark.parametrize(
    ("queries", "keys", "mask", "flag", "masked"),
    [
        (6, 6, Full(), False, False),
        (6, 6, Causal(), True, False),
        (6, 9, Causal(), False, True),
        (9, 6, Causal(), False, True),
        (1, 9, Causal(), False, False),
        (6, 6, Causal() & Window(2, 0), False, True),
        (6, 6, Causal() & Padding(torch.ones(2, 6, dtype=torch.bool)), False, True),
        (6, 6, ~Causal(), False, True),
    ],
)
def test_the_causal_flag_is_for_square_causal_masks_only_and_never_with_a_mask(
    make: Make, given: list[dict[str, Any]], queries: int, keys: int, mask: Mask, flag: bool, masked: bool
) -> None:
    query, key, value, call = make(queries, keys, mask=mask)
    out = _attend(query, key, value, call)
    torch.testing.assert_close(out, reference_attention(query, key, value, lower(mask, call.extent)))
    assert bool(given[0].get("is_causal", False)) == flag
    assert (given[0].get("attn_mask") is not None) == masked


def test_a_chunk_of_queries_that_does_not_start_at_the_first_key_gets_no_flag(make: Make, given: Any) -> None:
    query, key, value, _ = make(3, 3)
    extent = Extent(2, 4, 3, 3, query_start=2)
    out = _attend(query, key, value, Call(Causal(), extent))
    torch.testing.assert_close(out, reference_attention(query, key, value, lower(Causal(), extent)))
    assert not given[0].get("is_causal", False)


def test_a_bias_becomes_a_float_mask_with_the_mask_folded_in(make: Make, given: list[dict[str, Any]]) -> None:
    positions, alibi = torch.arange(6).unsqueeze(0), Alibi(4)
    query, key, value, call = make(6, mask=Window(2, 2), bias=PositionBias(alibi, positions, positions))
    out = _attend(query, key, value, call)
    bias = alibi.bias(positions, positions).double()
    torch.testing.assert_close(out, reference_attention(query, key, value, lower(call.mask, call.extent), bias=bias))
    assert given[0]["attn_mask"].dtype == torch.float64
    assert not given[0].get("is_causal", False)


def test_rows_that_see_nothing_are_unmasked_and_zeroed(make: Make, given: list[dict[str, Any]]) -> None:
    tensor = torch.ones(6, 6, dtype=torch.bool)
    tensor[2] = False
    query, key, value, call = make(6, mask=Dense(tensor))
    out = _attend(query, key, value, call)
    out.sum().backward()
    assert given[0]["attn_mask"].any(-1).all()
    assert not out[:, :, 2].any()
    assert query.grad.isfinite().all()
    assert not query.grad[:, :, 2].any()


def test_rows_that_surely_see_a_key_are_not_looked_through(make: Make, given: list[dict[str, Any]]) -> None:
    query, key, value, call = make(6, mask=Window(1, 1))
    _attend(query, key, value, call)
    assert torch.equal(given[0]["attn_mask"], lower(Window(1, 1), call.extent))


@pytest.mark.parametrize("score", [Dot(), Cosine(4), Bilinear(4, 4)], ids=lambda score: type(score).__name__)
def test_every_dot_score_is_served_exactly(make: Make, score: DotScore) -> None:
    query, key, value, call = make(6)
    score = score.double()
    out = Sdpa().attend(query, key, value, call, Weighting(score, Softmax()))
    weights = torch.softmax(score(query, key), dim=-1)
    torch.testing.assert_close(out, weights @ value.repeat_interleave(2, dim=1))


@pytest.mark.parametrize(("kv_heads", "value_width"), [(6, 8), (2, 8), (1, 8), (6, 5), (1, 12)])
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_one_query_is_softmax_attention_whatever_its_heads_share(
    kv_heads: int, value_width: int, dtype: torch.dtype
) -> None:
    torch.manual_seed(0)
    query, key = torch.randn(2, 6, 1, 8, dtype=dtype), torch.randn(2, kv_heads, 9, 8, dtype=dtype)
    value = torch.randn(2, kv_heads, 9, value_width, dtype=dtype)
    all_keys, all_values = (part.double().repeat_interleave(6 // kv_heads, dim=1) for part in (key, value))
    weights = (query.double() @ all_keys.transpose(2, 3) * 0.3).softmax(-1)
    tolerance = 1e-12 if dtype == torch.float64 else 2e-2
    found = attend_one(query, key, value, 0.3)
    assert found.dtype == dtype
    torch.testing.assert_close(found.double(), weights @ all_values, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize(("keys", "width", "grad"), [(11, 8, True), (11, 8, False), (11, 64, True), (40, 8, True)])
def test_few_keys_of_few_features_are_trained_by_plain_products(
    given: list[dict[str, Any]], keys: int, width: int, grad: bool
) -> None:
    layer = Attention(2 * width, 2)
    x = torch.randn(1, keys, 2 * width)
    with torch.set_grad_enabled(grad):
        plan = layer.plan(x)
        layer(x)
    short = grad and (keys, width) == (11, 8)
    assert plan.chosen == ("eager" if short else "sdpa")
    assert bool(given) == (not short)
    assert ("the fused kernel is slow to train with 11 keys of 8 features" in plan.reasons()) == short


@pytest.mark.parametrize("backend", ["sdpa", "tiles"])
def test_layers_and_steps_share_what_a_mask_shows(backend: Literal["sdpa", "tiles"]) -> None:
    asked = []

    def near(batch: torch.Tensor, head: torch.Tensor, query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
        asked.append(query.shape)
        return query - key < 3

    mask = Window(2, 2) & Function(near)
    layers = [Attention(8, 2, mixer=SoftmaxMixer(backend=backend)) for _ in range(3)]
    x = torch.randn(1, 32, 8)
    with torch.inference_mode():
        layers[0](x, mask=mask)
    before = len(asked)
    for _ in range(2):
        for layer in layers:
            layer(x, mask=mask).sum().backward()
    assert len(asked) == before + 1
