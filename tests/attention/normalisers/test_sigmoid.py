from __future__ import annotations

import torch

from attnframe.attention.normalisers import Sigmoid


def test_equal_scores_of_zero_by_hand() -> None:
    # sigmoid(0 - log n) = 1 / (1 + n)
    allowed = torch.tensor([[True, True, True], [True, False, False]])
    assert torch.allclose(Sigmoid().dense(torch.zeros(2, 3), allowed), allowed / torch.tensor([[4.0], [2.0]]))
    assert torch.allclose(Sigmoid().dense(torch.zeros(1, 3), None), torch.tensor(0.25))
    assert torch.allclose(
        Sigmoid().segments(torch.zeros(3), torch.tensor([0, 2, 0]), 3), torch.tensor([1 / 3, 1 / 2, 1 / 3])
    )


def test_keys_do_not_compete() -> None:
    scores = torch.randn(4, generator=torch.Generator().manual_seed(0))
    raised = scores + torch.tensor([0.0, 0.0, 5.0, 0.0])
    before, after = Sigmoid().dense(scores, None), Sigmoid().dense(raised, None)
    assert torch.equal(before[[0, 1, 3]], after[[0, 1, 3]])
    assert after[2] > before[2]
