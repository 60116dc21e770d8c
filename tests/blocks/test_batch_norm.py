"""Batch norm of sequences against torch's own, which has no padding."""

from __future__ import annotations

import torch
from torch import nn

from attnframe.blocks import SequenceBatchNorm


def both(dim: int) -> tuple[SequenceBatchNorm, nn.BatchNorm1d]:
    torch.manual_seed(0)
    ours, theirs = SequenceBatchNorm(dim).double(), nn.BatchNorm1d(dim).double()
    with torch.no_grad():
        for one in (theirs.weight, theirs.bias):
            one.normal_()
        ours.weight.copy_(theirs.weight)
        ours.bias.copy_(theirs.bias)
    return ours, theirs


def test_it_equals_torch_on_the_real_positions_in_training_and_after() -> None:
    ours, theirs = both(3)
    valid = torch.tensor([[True] * 5, [True, True, False, False, False]])
    for _ in range(4):
        x = torch.randn(2, 5, 3, dtype=torch.float64, requires_grad=True)
        real = x.detach()[valid].requires_grad_()
        mine, other = ours(x, valid)[valid], theirs(real)
        torch.testing.assert_close(mine, other)
        weighting = torch.randn_like(mine)
        (mine * weighting).sum().backward()
        (other * weighting).sum().backward()
        torch.testing.assert_close(x.grad[valid], real.grad)
        assert not x.grad[~valid].any()
    torch.testing.assert_close(ours.mean, theirs.running_mean)
    torch.testing.assert_close(ours.variance, theirs.running_var)
    ours.eval()
    theirs.eval()
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    torch.testing.assert_close(ours(x, valid)[valid], theirs(x[valid]))


def test_padding_changes_nothing_even_where_it_is_not_a_number() -> None:
    ours, _ = both(3)
    valid = torch.tensor([[True, True, False]])
    x = torch.randn(1, 3, 3, dtype=torch.float64)
    spoilt = x.clone()
    spoilt[~valid] = torch.nan
    assert torch.equal(ours(x, valid)[valid], ours(spoilt, valid)[valid])
    assert ours.mean.isfinite().all()
    assert ours.variance.isfinite().all()


def test_one_real_position_leaves_finite_running_means() -> None:
    norm = SequenceBatchNorm(2)
    norm(torch.ones(1, 1, 2), torch.ones(1, 1, dtype=torch.bool))
    assert norm.mean.isfinite().all()
    assert norm.variance.isfinite().all()


def test_half_precision_is_normalised_in_single() -> None:
    norm = SequenceBatchNorm(2)
    x = torch.randn(4, 8, 2) * 1000
    valid = torch.ones(4, 8, dtype=torch.bool)
    out = norm(x.bfloat16(), valid)
    assert out.dtype is torch.bfloat16
    torch.testing.assert_close(out.float(), SequenceBatchNorm(2)(x, valid), atol=0.05, rtol=0.05)
