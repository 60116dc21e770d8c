"""The residual block against its formula."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe import Attention, masks
from attnframe.blocks import Block, FeedForward

DIM = 16


def make(cross: bool = False, dropout: float = 0.0, causal: bool = False) -> Block:
    torch.manual_seed(0)
    over_context = Attention(DIM, 4, context_dim=12) if cross else None
    over_self = Attention(DIM, 4, causal=causal)
    return Block(DIM, over_self, FeedForward(DIM, 32), cross_attention=over_context, dropout=dropout)


def test_equals_its_formula() -> None:
    block = make()
    x = torch.randn(2, 5, DIM)
    valid = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    mask = masks.Padding(valid)
    middle = x + block.self_attention(block.self_norm(x), mask=mask)
    expected = middle + block.feed_forward(block.feed_forward_norm(middle))
    torch.testing.assert_close(block(x, mask=mask), expected)


def test_equals_its_formula_with_cross_attention() -> None:
    block = make(cross=True)
    assert block.cross_attention is not None
    assert block.cross_norm is not None
    x, context = torch.randn(2, 5, DIM), torch.randn(2, 7, 12)
    mask = masks.Padding(torch.arange(7) < torch.tensor([[7], [4]]))
    middle = x + block.self_attention(block.self_norm(x))
    middle = middle + block.cross_attention(block.cross_norm(middle), context, mask=mask)
    expected = middle + block.feed_forward(block.feed_forward_norm(middle))
    torch.testing.assert_close(block(x, context, context_mask=mask), expected)


def test_dropout_drops_branches_in_training_only() -> None:
    block = make(dropout=0.9)
    x = torch.randn(2, 5, DIM)
    assert not torch.equal(block(x), block(x))
    block.eval()
    torch.testing.assert_close(block(x), make()(x))


def test_dropout_of_everything_leaves_the_input() -> None:
    x = torch.randn(2, 5, DIM)
    assert torch.equal(make(dropout=1.0)(x), x)


def test_cache_holds_self_and_cross() -> None:
    block = make(cross=True, causal=True)
    x, context = torch.randn(2, 5, DIM), torch.randn(2, 7, 12)
    with torch.no_grad():
        cache = block.new_cache(2)
        parts: list[Tensor] = [block(x[:, :2], context, cache=cache), block(x[:, 2:], context, cache=cache)]
    assert cache.cross_attention is not None
    assert (cache.self_attention.length, cache.cross_attention.length) == (5, 7)
    assert cache.nbytes == cache.self_attention.nbytes + cache.cross_attention.nbytes
    torch.testing.assert_close(torch.cat(parts, 1), block(x, context), atol=1e-5, rtol=1e-5)
