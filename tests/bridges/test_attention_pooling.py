"""Attention pooling: weights, padding, and nothing to pool."""

from __future__ import annotations

import pytest
import torch

from attnframe.bridges import AttentionPooling
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Dense, Padding


def test_pools_by_its_weights_and_leaves_padding_out() -> None:
    torch.manual_seed(0)
    pooling = AttentionPooling(6, 4)
    valid = torch.tensor([[0, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]]).bool()
    x = torch.randn(3, 4, 6).masked_fill(~valid.unsqueeze(-1), float("nan")).requires_grad_()
    out = pooling(x, mask=Padding(valid))
    weights = pooling.weights(x.detach().nan_to_num(), mask=Padding(valid))
    torch.testing.assert_close(weights.sum(1), torch.tensor([1.0, 1.0, 0.0]))
    torch.testing.assert_close(out[0], weights[0, 1:] @ x[0, 1:])
    torch.testing.assert_close(out[1], pooling(x[1:2, [0, 2]])[0])
    assert out[2].eq(0).all()
    out.sum().backward()
    assert x.grad is not None
    assert x.grad[~valid].eq(0).all()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in pooling.parameters())


def test_the_order_of_tokens_does_not_matter() -> None:
    torch.manual_seed(0)
    pooling, x = AttentionPooling(6), torch.randn(2, 5, 6)
    torch.testing.assert_close(pooling(x.flip(1)), pooling(x))


def test_sequences_end_to_end_are_pooled_as_padded_ones_are() -> None:
    torch.manual_seed(0)
    pooling, x = AttentionPooling(6), torch.randn(2, 5, 6)
    valid = torch.tensor([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]]).bool()
    index = torch.tensor([0, 0, 0, 2, 2, 2, 2, 2])
    out = pooling.segments(x[valid], index, 3)
    torch.testing.assert_close(out[[0, 2]], pooling(x, mask=Padding(valid)))
    assert out[1].eq(0).all()


def test_masks_of_another_kind_and_wrong_sizes_are_refused() -> None:
    pooling, x = AttentionPooling(6), torch.randn(2, 5, 6)
    with pytest.raises(UnsupportedError, match=r"mask \(AttentionPooling\) must say no more than which tokens"):
        pooling(x, mask=Dense(torch.ones(5, 5, dtype=torch.bool)))
    with pytest.raises(ConfigurationError, match=r"Padding.valid must have shape"):
        pooling(x, mask=Padding(torch.ones(2, 4, dtype=torch.bool)))
    torch.testing.assert_close(pooling(x, mask=Causal()), pooling(x))
    with pytest.raises(ConfigurationError, match=r"hidden_dim \(AttentionPooling\) must be at least 1"):
        AttentionPooling(6, 0)
