"""Entmax: between softmax and sparsemax, exact for 1.5."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.normalisers import Entmax, Softmax, Sparsemax
from attnframe.errors import ConfigurationError


def scores_of(*shape: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64).mul(2).to(dtype)


def test_by_hand() -> None:
    # Halved scores 0 and -0.6: (0 - t)^2 + (-0.6 - t)^2 = 1 at t = -0.3 - sqrt(0.41) = -0.940.
    tau = -0.3 - 0.41**0.5
    expected = torch.tensor([[tau**2, (-0.6 - tau) ** 2, 0.0]])
    torch.testing.assert_close(Entmax().dense(torch.tensor([[0.0, -1.2, -9.0]]), None), expected)


@pytest.mark.parametrize("alpha", [1.05, 1.2, 1.5, 1.7, 2.0, 3.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_weights_solve_the_definition(alpha: float, dtype: torch.dtype) -> None:
    weights = Entmax(alpha).dense(scores_of(20, 9, dtype=dtype), None)
    torch.testing.assert_close(weights.sum(-1), torch.ones(20, dtype=dtype))
    # On the support w^(alpha - 1) - (alpha - 1) s is the same number, -tau; outside (alpha - 1) s <= tau.
    threshold = (alpha - 1) * scores_of(20, 9, dtype=dtype) - weights.pow(alpha - 1)
    inside = weights > 0
    tau = threshold.masked_fill(~inside, -1e9).amax(-1, keepdim=True)
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    assert ((threshold - tau).masked_fill(~inside, 0.0).abs() < tolerance).all()
    assert ((threshold - tau).masked_fill(inside, 0.0) < tolerance).all()


def test_runs_from_softmax_to_sparsemax() -> None:
    scores = scores_of(20, 9)
    torch.testing.assert_close(Entmax(1 + 1e-6).dense(scores, None), Softmax().dense(scores, None), atol=1e-4, rtol=0)
    torch.testing.assert_close(Entmax(2.0).dense(scores, None), Sparsemax().dense(scores, None))
    sizes = [(Entmax(alpha).dense(scores, None) > 0).sum() for alpha in (1.1, 1.5, 2.0)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2]


@pytest.mark.parametrize("alpha", [1.25, 1.5, 1.75])
def test_gradients_of_every_alpha(alpha: float) -> None:
    scores = scores_of(5, 6).requires_grad_()
    allowed = torch.rand(5, 6, generator=torch.Generator().manual_seed(1)) > 0.3
    assert torch.autograd.gradcheck(lambda s: Entmax(alpha).dense(s, allowed), scores)
    index = torch.tensor([0, 3, 3, 0, 3])
    assert torch.autograd.gradcheck(lambda s: Entmax(alpha).segments(s, index, 4), scores)


def test_many_equal_scores_share_alike_without_rounding() -> None:
    weights = Entmax().dense(torch.zeros(1, 100_000), None)
    torch.testing.assert_close(weights, torch.full((1, 100_000), 1e-5))


@pytest.mark.parametrize("alpha", [1.0, 0.5])
def test_alpha_is_above_1(alpha: float) -> None:
    with pytest.raises(ConfigurationError, match=r"alpha \(Entmax\) must be above 1. Got .* Use Softmax for 1."):
        Entmax(alpha)
