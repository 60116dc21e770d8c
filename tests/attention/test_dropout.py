"""Dropout against its definition."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.dropout import add_dropped, dropout


@pytest.mark.parametrize("probability", [0.001, 0.1, 0.5, 0.9, 0.9999])
def test_elements_are_dropped_with_the_probability_and_the_rest_is_scaled(probability: float) -> None:
    torch.manual_seed(0)
    x = torch.ones(1001, 999)
    out = dropout(x, probability, True)
    dropped = (out == 0).float().mean().item()
    assert dropped == pytest.approx(probability, abs=4 * (probability * (1 - probability) / x.numel()) ** 0.5 + 2**-16)
    kept = out[out != 0]
    assert torch.allclose(kept, kept[0].expand_as(kept))
    assert kept[0].item() == pytest.approx(1 / (1 - round(probability * 2**16) / 2**16), rel=1e-5)


def test_neighbours_are_dropped_independently() -> None:
    torch.manual_seed(0)
    dropped = (dropout(torch.ones(400_003), 0.5, True) == 0).double()
    for apart in (1, 2, 3, 4, 5, 8):
        both = (dropped[apart:] * dropped[:-apart]).mean().item()
        assert both == pytest.approx(0.25, abs=0.004)


def test_the_gradient_goes_where_the_value_went() -> None:
    torch.manual_seed(0)
    x = torch.randn(7, 5, dtype=torch.float64, requires_grad=True)
    out = dropout(x, 0.4, True)
    (grad,) = torch.autograd.grad(out.sum(), x)
    torch.testing.assert_close(grad * x, out)


def test_nothing_is_dropped_in_evaluation_or_at_zero_and_everything_at_one() -> None:
    x = torch.randn(3, 4)
    assert dropout(x, 0.5, False) is x
    assert dropout(x, 0.0, True) is x
    assert not dropout(x, 1.0, True).any()


def test_the_same_seed_drops_the_same_and_half_precision_stays() -> None:
    outs = []
    for _ in range(2):
        torch.manual_seed(3)
        outs.append(dropout(torch.ones(2, 3, 5, dtype=torch.bfloat16), 0.3, True))
    assert torch.equal(*outs)
    assert outs[0].dtype == torch.bfloat16


def test_it_runs_on_the_meta_device() -> None:
    assert dropout(torch.empty(3, 4, device="meta"), 0.5, True).shape == (3, 4)


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("training", [True, False])
def test_a_residual_connection_adds_what_dropout_leaves(probability: float, training: bool) -> None:
    x, branch = (torch.randn(4, 6, dtype=torch.float64, requires_grad=True) for _ in range(2))
    torch.manual_seed(1)
    out = add_dropped(x, branch, probability, training, 0.5)
    torch.manual_seed(1)
    expected = x + 0.5 * dropout(branch, probability, training)
    torch.testing.assert_close(out, expected)
    for told, right in zip(
        torch.autograd.grad(out.square().sum(), (x, branch)),
        torch.autograd.grad(expected.square().sum(), (x, branch)),
        strict=True,
    ):
        torch.testing.assert_close(told, right)
