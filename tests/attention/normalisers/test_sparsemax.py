from __future__ import annotations

import entmax
import pytest
import torch

from attnframe.attention.normalisers import Sparsemax


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_values_and_gradients_equal_the_entmax_package(scale: float, dtype: torch.dtype) -> None:
    scores = torch.randn(40, 17, generator=torch.Generator().manual_seed(0), dtype=dtype) * scale
    direction = torch.randn(40, 17, generator=torch.Generator().manual_seed(1), dtype=dtype)
    ours, theirs = scores.clone().requires_grad_(), scores.clone().requires_grad_()
    found, expected = Sparsemax().dense(ours, None), entmax.sparsemax(theirs, dim=-1)
    torch.testing.assert_close(found, expected)
    (gradient,) = torch.autograd.grad(found, ours, direction)
    (wanted,) = torch.autograd.grad(expected, theirs, direction)
    torch.testing.assert_close(gradient, wanted)


def test_masked_equals_the_entmax_package_on_the_visible_keys() -> None:
    generator = torch.Generator().manual_seed(0)
    scores, allowed = torch.randn(40, 9, generator=generator), torch.rand(40, 9, generator=generator) > 0.5
    expected = torch.zeros(40, 9)
    for row in range(40):
        if allowed[row].any():
            expected[row, allowed[row]] = entmax.sparsemax(scores[row, allowed[row]], dim=-1)
    torch.testing.assert_close(Sparsemax().dense(scores, allowed), expected)


def test_by_hand() -> None:
    scores = torch.tensor([[0.1, 0.2, 0.3], [3.0, 0.0, 0.0], [1.0, 0.6, -5.0]])
    expected = torch.tensor([[0.7 / 3, 1 / 3, 1.3 / 3], [1.0, 0.0, 0.0], [0.7, 0.3, 0.0]])
    torch.testing.assert_close(Sparsemax().dense(scores, None), expected)


def test_is_the_nearest_point_of_the_simplex() -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(6, generator=generator)
    nearest = (Sparsemax().dense(scores, None) - scores).norm()
    others = torch.distributions.Dirichlet(torch.ones(6)).sample((2000,))
    assert ((others - scores).norm(dim=-1) >= nearest).all()


def test_ties_share_alike() -> None:
    scores = torch.zeros(1, 4)
    torch.testing.assert_close(Sparsemax().dense(scores, None), torch.full((1, 4), 0.25))
    torch.testing.assert_close(
        Sparsemax().segments(scores[0], torch.zeros(4, dtype=torch.long), 1), torch.full((4,), 0.25)
    )


def test_a_long_segment_does_not_blur_those_after_it() -> None:
    """Sums run over all segments; kept in float32 they would pick a wrong support here."""
    scores = torch.rand(2000, 5, generator=torch.Generator().manual_seed(0)) * -1.5
    long = torch.full((1_000_000,), -2.0).index_fill(0, torch.tensor([0]), 0.0)
    index = torch.cat((torch.zeros(len(long), dtype=torch.long), torch.arange(1, 2001).repeat_interleave(5)))
    weights = Sparsemax().segments(torch.cat((long, scores.flatten())), index, 2001)
    torch.testing.assert_close(weights[len(long) :].view(2000, 5), entmax.sparsemax(scores, dim=-1))
