"""The inverse of unit lower triangular matrices."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.recurrence.triangular import unit_lower_inverse


@pytest.mark.parametrize("size", [1, 2, 7, 8, 9, 16, 33, 64])
def test_equals_the_solver_forward_and_gradient(size: int) -> None:
    generator = torch.Generator().manual_seed(size)
    x = torch.randn(2, 3, size, size, generator=generator, dtype=torch.float64).mul_(0.3).requires_grad_()
    found = unit_lower_inverse(x)
    eye = torch.eye(size, dtype=torch.float64)
    expected = torch.linalg.solve_triangular(x, eye.expand_as(x), upper=False, unitriangular=True)
    torch.testing.assert_close(found, expected)
    direction = torch.randn(found.shape, generator=generator, dtype=torch.float64)
    slopes = [torch.autograd.grad((one * direction).sum(), x)[0] for one in (found, expected)]
    torch.testing.assert_close(*slopes)
    with torch.no_grad():
        torch.testing.assert_close(unit_lower_inverse(x), expected)


def test_equal_keys_keep_their_digits() -> None:
    # All ones: the largest power of the matrix has entries of 10^18, the inverse only 1 and -1.
    found = unit_lower_inverse(torch.ones(1, 64, 64))
    assert torch.equal(found, torch.eye(64)[None] - torch.eye(64).roll(1, 0).tril()[None])
