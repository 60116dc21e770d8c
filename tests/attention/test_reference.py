"""The reference is itself held against torch, which wrote its attention without ours in view."""

from __future__ import annotations

import entmax
import pytest
import torch

from attnframe.attention.reference import reference_attention, reference_weights
from attnframe.masks import Causal, Extent, Padding, Window, lower

sdpa = torch.nn.functional.scaled_dot_product_attention


def tensors(kv_heads: int = 4, queries: int = 5, keys: int = 5) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(0)

    def draw(heads: int, length: int) -> torch.Tensor:
        return torch.randn(2, heads, length, 6, generator=generator, dtype=torch.double, requires_grad=True)

    return draw(4, queries), draw(kv_heads, keys), draw(kv_heads, keys)


@pytest.mark.parametrize("kv_heads", [1, 2, 4])
def test_equals_sdpa_with_grouped_heads(kv_heads: int) -> None:
    inputs = tensors(kv_heads)
    found, expected = reference_attention(*inputs), sdpa(*inputs, enable_gqa=True)
    torch.testing.assert_close(found, expected)
    for ours, theirs in zip(
        torch.autograd.grad(found.square().sum(), inputs),
        torch.autograd.grad(expected.square().sum(), inputs),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs)


def test_equals_sdpa_when_causal() -> None:
    inputs = tensors()
    allowed = lower(Causal(), Extent(2, 4, 5, 5))
    torch.testing.assert_close(reference_attention(*inputs, allowed), sdpa(*inputs, is_causal=True))


@pytest.mark.parametrize("queries", [7, 3, 1])
def test_equals_sdpa_under_a_window_and_padding(queries: int) -> None:
    inputs = tensors(2, queries, 7)
    valid = torch.tensor([[True] * 7, [True] * 5 + [False] * 2])
    allowed = lower(Window(2, 1) & Padding(valid), Extent(2, 4, queries, 7))
    seen = allowed.expand(2, 4, queries, 7).any(dim=-1, keepdim=True)
    expected = sdpa(*inputs, attn_mask=allowed, enable_gqa=True)
    torch.testing.assert_close(reference_attention(*inputs, allowed), expected.where(seen, 0.0))


def test_equals_sdpa_with_a_bias() -> None:
    inputs = tensors()
    bias = torch.randn(4, 5, 5, generator=torch.Generator().manual_seed(1), dtype=torch.double)
    torch.testing.assert_close(reference_attention(*inputs, bias=bias), sdpa(*inputs, attn_mask=bias[None]))


def test_a_query_that_sees_nothing_gives_zero_and_finite_gradients() -> None:
    inputs = tensors()
    allowed = torch.ones(5, 5, dtype=torch.bool)
    allowed[2] = False
    out = reference_attention(*inputs, allowed)
    out.sum().backward()
    assert not out[:, :, 2].any()
    assert all(tensor.grad is not None and tensor.grad.isfinite().all() for tensor in inputs)


def test_a_score_of_ones_own() -> None:
    query, key, value = tensors()
    found = reference_attention(query, key, value, score=lambda q, k: 0 * (q @ k.T))
    torch.testing.assert_close(found, value.mean(dim=2, keepdim=True).expand_as(found))


def test_sparsemax_equals_the_entmax_package() -> None:
    query, key, _ = tensors()
    scores = query @ key.transpose(-2, -1) / 6**0.5
    torch.testing.assert_close(reference_weights(query, key, normaliser="sparsemax"), entmax.sparsemax(scores, dim=-1))


def test_sigmoid_shifts_by_the_number_of_visible_keys() -> None:
    query, key, _ = tensors()
    allowed = lower(Causal(), Extent(2, 4, 5, 5))
    scores = query @ key.transpose(-2, -1) / 6**0.5
    expected = torch.sigmoid(scores - torch.arange(1, 6).view(5, 1).log()).masked_fill(~allowed, 0.0)
    torch.testing.assert_close(reference_weights(query, key, allowed, normaliser="sigmoid"), expected)
