"""Spans of keys: what each holds, and the gradient of tokens that several hold."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.backends.spans import spans


@pytest.mark.parametrize(
    ("length", "block", "span", "before", "after"), [(6, 2, 4, 2, 0), (6, 2, 7, 2, 3), (5, 2, 3, 0, 2), (4, 4, 4, 0, 0)]
)
def test_holds_what_slices_hold_forward_and_gradient(
    length: int, block: int, span: int, before: int, after: int
) -> None:
    x = torch.randn(2, 3, length, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    found = spans(x, block, span, before, after)
    padded = torch.nn.functional.pad(x, (0, 0, before, after))
    first = range(0, padded.shape[2] - span + 1, block)
    expected = torch.stack([padded[:, :, n : n + span] for n in first], dim=1).flatten(0, 1)
    torch.testing.assert_close(found, expected)
    direction = torch.randn(found.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    ours, theirs = (torch.autograd.grad((one * direction).sum(), x)[0] for one in (found, expected))
    torch.testing.assert_close(ours, theirs)
