"""Ranks and metrics against brute force."""

from __future__ import annotations

import math
from itertools import pairwise, permutations

import pytest
import torch
from attnframe_recommendation.ranking import DiscountedGain, HitRate, ranks


def brute_force(scores: list[float], target: int) -> float:
    """The mean place of the target over all orders that the scores allow."""
    orders = [
        order for order in permutations(range(len(scores))) if all(scores[a] >= scores[b] for a, b in pairwise(order))
    ]
    return sum(order.index(target) + 1 for order in orders) / len(orders)


@pytest.mark.parametrize(
    "scores", [[3.0, 1.0, 2.0, 0.0], [1.0, 1.0, 1.0, 1.0], [2.0, 1.0, 2.0, 1.0], [0.0, -math.inf, 1.0, -math.inf]]
)
def test_a_rank_is_the_mean_place_over_all_orders_of_ties(scores: list[float]) -> None:
    for target in range(4):
        found = ranks(torch.tensor([scores]), torch.tensor([target]))
        assert found.item() == brute_force(scores, target)


def test_a_score_that_is_no_number_ranks_last() -> None:
    scores = torch.tensor([[math.nan, 1.0, 2.0], [1.0, math.nan, 0.0]])
    assert ranks(scores, torch.tensor([0, 0])).tolist() == [4.0, 2.0]


def test_metrics_are_means_over_users_whatever_the_batches() -> None:
    places = torch.tensor([1.0, 10.0, 10.5, 3.0, 200.0])
    hits, gain = HitRate(), DiscountedGain()
    for some in torch.split(places, 2):
        hits.update(some)
        gain.update(some)
    assert hits.compute().item() == pytest.approx(3 / 5)
    told = (1 / math.log2(2) + 1 / math.log2(11) + 1 / math.log2(4)) / 5
    assert gain.compute().item() == pytest.approx(told)


def test_the_gain_is_that_of_scikit_learn_without_ties() -> None:
    from sklearn.metrics import ndcg_score

    scores = torch.rand(30, 20, generator=torch.Generator().manual_seed(0))
    targets = torch.randint(20, (30,), generator=torch.Generator().manual_seed(1))
    gain = DiscountedGain(k=10)
    gain.update(ranks(scores, targets))
    relevance = torch.nn.functional.one_hot(targets, 20).numpy()
    assert gain.compute().item() == pytest.approx(ndcg_score(relevance, scores.numpy(), k=10), abs=1e-6)
