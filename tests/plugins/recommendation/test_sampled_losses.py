"""Losses over drawn items."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from attnframe_recommendation.sampled_losses import binary_cross_entropy, sampled_softmax

TABLE = torch.randn(41, 6, generator=torch.Generator().manual_seed(0))
STATES = torch.randn(5, 6, generator=torch.Generator().manual_seed(1))
TARGETS = torch.tensor([1, 5, 9, 40, 7])


def sampled(
    states: torch.Tensor, table: torch.Tensor, targets: torch.Tensor, number: int, negatives: int
) -> torch.Tensor:
    """The loss against items that are drawn with torch's global generator."""
    drawn = torch.randint(1, number + 1, (negatives,))
    return sampled_softmax(states, table[targets], table[drawn], targets, drawn, number)


def test_the_sampled_softmax_comes_near_the_full_one_with_many_items() -> None:
    torch.manual_seed(0)
    full = F.cross_entropy(STATES @ TABLE[1:].T, TARGETS - 1).item()
    found = sampled(STATES, TABLE, TARGETS, 40, 200_000).item()
    # The true item is counted once and never drawn, as in the full one, up to its share among the drawn.
    assert found == pytest.approx(full, abs=0.01)


def test_a_drawn_item_that_is_the_true_one_does_not_count() -> None:
    table = torch.zeros(2, 3)
    loss = sampled(torch.ones(2, 3), table, torch.tensor([1, 1]), 1, 5)
    assert loss.item() == 0.0


def test_binary_cross_entropy_of_scores_that_say_nothing_is_two_bits() -> None:
    loss = binary_cross_entropy(torch.zeros(4, 6), TABLE[:4], TABLE[:12].view(4, 3, 6))
    assert loss.item() == pytest.approx(2 * math.log(2))


def test_the_true_item_is_pulled_and_others_are_pushed() -> None:
    states = STATES.clone().requires_grad_()
    near = (STATES * TABLE[TARGETS]).sum()
    loss = binary_cross_entropy(states, TABLE[TARGETS], TABLE[20:25].unsqueeze(1))
    (grad,) = torch.autograd.grad(loss, states)
    assert ((STATES - 0.1 * grad) * TABLE[TARGETS]).sum() > near


@pytest.mark.parametrize("chunk", [1, 40, 1 << 17])
def test_gradients_are_those_of_the_formula(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attnframe_recommendation.sampled_losses.CHUNK", chunk)
    table = TABLE.double().requires_grad_()
    states = STATES.double().requires_grad_()
    torch.manual_seed(0)
    ours = sampled(states, table, TARGETS, 40, 30)
    torch.manual_seed(0)
    drawn = torch.randint(1, 41, (30,))
    others = (states @ table[drawn].T + math.log(40 / 30)).masked_fill(drawn == TARGETS.unsqueeze(1), -torch.inf)
    assert others.isinf().any()
    true = (states * table[TARGETS]).sum(1)
    told = (torch.cat([true.unsqueeze(1), others], 1).logsumexp(1) - true).mean()
    torch.testing.assert_close(ours, told)
    for mine, other in zip(*(torch.autograd.grad(loss, (states, table)) for loss in (ours, told)), strict=True):
        torch.testing.assert_close(mine, other)
