from __future__ import annotations

import pytest
import torch

from attnframe.attention.normalisers import Softmax, TopK
from attnframe.errors import ConfigurationError


def test_keeps_the_largest_visible_scores() -> None:
    scores = torch.tensor([[1.0, 2.0, 3.0, 9.0]])
    allowed = torch.tensor([[True, True, True, False]])
    expected = torch.tensor([[0.0, 1.0, torch.e, 0.0]]) / (1 + torch.e)
    torch.testing.assert_close(TopK(2).dense(scores, allowed), expected)


def test_equals_of_the_last_are_all_kept() -> None:
    scores = torch.tensor([[1.0, 1.0, 0.0, 1.0, -1.0]])
    expected = torch.tensor([[1.0, 1.0, 0.0, 1.0, 0.0]]) / 3
    torch.testing.assert_close(TopK(2).dense(scores, None), expected)
    torch.testing.assert_close(TopK(2).segments(scores[0], torch.zeros(5, dtype=torch.long), 1), expected[0])


def test_enough_keys_are_softmax() -> None:
    scores = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    allowed = torch.rand(4, 6, generator=torch.Generator().manual_seed(1)) > 0.4
    for k in (6, 60):
        assert torch.equal(TopK(k).dense(scores, allowed), Softmax().dense(scores, allowed))


def test_k_is_at_least_1() -> None:
    with pytest.raises(ConfigurationError, match=r"k \(TopK\) must be at least 1. Got 0"):
        TopK(0)
