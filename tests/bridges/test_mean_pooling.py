"""Mean pooling: real tokens only, and nothing to pool."""

from __future__ import annotations

import pytest
import torch

from attnframe.bridges import MeanPooling
from attnframe.errors import UnsupportedError
from attnframe.masks import Dense, Padding


def test_is_the_mean_of_the_real_tokens() -> None:
    torch.manual_seed(0)
    valid = torch.tensor([[0, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]]).bool()
    x = torch.randn(3, 4, 6).masked_fill(~valid.unsqueeze(-1), float("nan")).requires_grad_()
    out = MeanPooling()(x, mask=Padding(valid))
    torch.testing.assert_close(out[0], x[0, 1:].mean(0))
    torch.testing.assert_close(out[1], x[1, [0, 2]].mean(0))
    assert out[2].eq(0).all()
    out.sum().backward()
    assert x.grad is not None
    assert x.grad[~valid].eq(0).all()
    torch.testing.assert_close(MeanPooling()(x[1:2, [0, 2]]), out[1:2])
    weights = MeanPooling().weights(x.detach().nan_to_num(), mask=Padding(valid))
    torch.testing.assert_close(weights, torch.tensor([[0, 1, 1, 1], [1.5, 0, 1.5, 0], [0, 0, 0, 0]]) / 3)


def test_masks_of_another_kind_are_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"mask \(MeanPooling\) must say no more than which tokens"):
        MeanPooling()(torch.randn(2, 5, 6), mask=Dense(torch.ones(5, 5, dtype=torch.bool)))
