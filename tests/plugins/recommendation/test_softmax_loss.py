"""The softmax over all items against torch's cross entropy."""

from __future__ import annotations

import attnframe_recommendation.softmax_loss as module
import pytest
import torch
import torch.nn.functional as F
from attnframe_recommendation.softmax_loss import full_softmax


@pytest.mark.parametrize("chunk", [1, 40, 1 << 20])
def test_loss_and_gradients_are_those_of_cross_entropy(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", chunk)
    generator = torch.Generator().manual_seed(0)
    states, table = (torch.randn(n, 6, dtype=torch.float64, generator=generator) for n in (9, 13))
    targets = torch.randint(13, (9,), generator=generator)
    for tensor in (states, table):
        tensor.requires_grad_()
    ours = full_softmax(states, table, targets)
    theirs = F.cross_entropy(states @ table.T, targets)
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-6)
    found = torch.autograd.grad(3 * ours, (states, table))
    told = torch.autograd.grad(3 * theirs, (states, table))
    for mine, other in zip(found, told, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-5, atol=1e-8)


def test_large_scores_do_not_overflow() -> None:
    states, table = torch.full((2, 4), 100.0), torch.eye(4) * 100
    assert full_softmax(states, table, torch.tensor([0, 1])).item() == pytest.approx(1.3863, abs=1e-3)
