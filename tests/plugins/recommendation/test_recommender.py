"""Losses, ranks and recommendations of the module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from attnframe_recommendation.data.interactions import Interactions
from attnframe_recommendation.inputs import read_histories
from attnframe_recommendation.recipes.recommend import Recommend
from attnframe_recommendation.recommender import SequentialRecommender

from attnframe.errors import ConfigurationError

Make = Callable[..., Any]


@pytest.fixture
def data(interactions: Callable[..., Interactions], module_of: Make) -> Any:
    return module_of(interactions([[1, 2, 3, 4, 5], [2, 3, 1], [3, 4, 2, 6]] * 10, times=True, described=True))


@pytest.mark.parametrize("side", ["none", "field", "cross"])
@pytest.mark.parametrize("position", ["learned", "timestamps", "rope"])
def test_a_prefix_is_told_from_itself_alone(data: Any, recommender: Make, position: str, side: str) -> None:
    torch.manual_seed(0)
    module = recommender(data.facts, position=position, side_information=side, transition_skip=False).eval()
    batch = {name: data.test.batch(torch.arange(1))[name] for name in ("items", "times", "lengths")}
    with torch.no_grad():
        whole = module.states(batch)
        for length in range(1, 5):
            part = {"items": batch["items"][:, :length], "times": batch["times"][:, :length]}
            alone = module({**part, "lengths": torch.tensor([length])})
            torch.testing.assert_close(alone, F.linear(whole[:, length - 1], module.catalogue()), rtol=1e-4, atol=1e-5)


def test_the_training_loss_is_the_cross_entropy_over_all_items(data: Any, recommender: Make) -> None:
    torch.manual_seed(0)
    module: SequentialRecommender = recommender(data.facts, transition_skip=False).train()
    batch = data.train.batch(torch.arange(10))
    loss, _ = module.loss(batch)
    states = module.states(batch).flatten(0, 1)
    at = torch.cat([batch["places"], batch["held_places"]])
    told = F.cross_entropy(
        states[at] @ module.items.weight[1:].T, torch.cat([batch["targets"], batch["held_targets"]]) - 1
    )
    torch.testing.assert_close(loss, told)


def test_the_skip_learns_from_what_is_kept_apart_and_nothing_else_does(data: Any, recommender: Make) -> None:
    torch.manual_seed(0)
    module = recommender(data.facts).train()
    batch = data.train.batch(torch.arange(20))
    assert len(batch["held_places"]) == 1
    torch.autograd.backward(module.loss(batch)[0])
    with_held = module.items.weight.grad.clone()
    assert module.skip.gate.grad.abs().sum() > 0
    module.zero_grad()
    torch.autograd.backward(module.loss(batch | {"held_places": batch["held_places"][:0]})[0])
    assert torch.equal(module.items.weight.grad, with_held)
    assert module.skip.gate.grad is None


@pytest.mark.parametrize("loss", ["softmax", "sampled_softmax", "bce"])
def test_every_loss_learns_what_follows(data: Any, recommender: Make, loss: str) -> None:
    torch.manual_seed(0)
    module = recommender(data.facts, loss=loss, negatives=4, dim=16).train()
    optimiser = torch.optim.Adam(module.parameters(), 0.02)
    batch = data.train.batch(torch.arange(20))
    for _ in range(60):
        optimiser.zero_grad()
        torch.autograd.backward(module.loss(batch)[0])
        optimiser.step()
    module.eval()
    best = F.linear(module.states(batch).flatten(0, 1)[batch["places"]], module.catalogue())[:, 1:].argmax(1) + 1
    assert (best == batch["targets"]).float().mean() > 0.9


def test_evaluation_gives_ranks_and_the_share_of_the_skip(data: Any, recommender: Make) -> None:
    torch.manual_seed(0)
    module = recommender(data.facts).eval()
    batch = data.test.batch(torch.arange(6))
    with torch.no_grad():
        loss, outputs = module.loss(batch)
        scores = module(batch)
    assert loss.item() == pytest.approx(F.cross_entropy(scores[:, 1:], batch["targets"] - 1).item(), rel=1e-5)
    for row in range(6):
        left = [x for x in range(1, 7) if x == batch["targets"][row] or x not in batch["seen"][row].tolist()]
        better = sum(scores[row, x] > scores[row, batch["targets"][row]] for x in left)
        assert outputs[row, 0] == 1 + better
    assert ((outputs[:, 1] > 0) & (outputs[:, 1] < 1)).any()
    metrics = module.metrics()
    assert set(metrics) == {"hr@10", "ndcg@10", "transition_share"}
    module.update_metrics(metrics, batch, outputs)
    assert metrics["hr@10"].compute() == 1
    assert set(recommender(data.facts, transition_skip=False).metrics()) == {"hr@10", "ndcg@10"}


def test_candidates_are_scored_as_all_items_are(data: Any, recommender: Make) -> None:
    module = recommender(data.facts).eval()
    batch = data.test.batch(torch.arange(2))
    del batch["seen"]
    candidates = torch.cat([batch["targets"].unsqueeze(1), torch.tensor([[6, 0], [4, 5]])], 1)
    with torch.no_grad():
        loss, _ = module.loss(batch | {"candidates": candidates})
        scores = module(batch)
    told = [
        scores[row, [c for c in candidates[row] if c]].logsumexp(0) - scores[row, candidates[row, 0]] for row in (0, 1)
    ]
    torch.testing.assert_close(loss, torch.stack(told).mean())


def test_recommendations_are_the_best_unseen_items_with_titles(data: Any, recommender: Make) -> None:
    module = recommender(data.facts).eval()
    inputs = [*read_histories("u0,u1", data.facts)]
    first, second = module.predict(inputs, Recommend(top_k=3))
    assert first["input"] == "u0"
    assert [item["item"] for item in first["items"]] == ["i6"]
    assert first["items"][0]["title"] == "Title 6"
    assert {item["item"] for item in second["items"]} == {"i4", "i5", "i6"}
    scores = [item["score"] for item in second["items"]]
    assert scores == sorted(scores, reverse=True)
    seen = next(iter(module.predict(inputs, Recommend(top_k=10, exclude_seen=False))))
    assert len(seen["items"]) == 6


def test_side_information_needs_something_said(
    interactions: Callable[..., Interactions], module_of: Make, recommender: Make
) -> None:
    with pytest.raises(ConfigurationError, match=r"must be none: the data says nothing of its items\. Got field\."):
        recommender(module_of(interactions()).facts, side_information="field")


def test_fused_items_are_made_anew_when_weights_change(data: Any, recommender: Make) -> None:
    module = recommender(data.facts, side_information="field").eval()
    with torch.no_grad():
        first = module.catalogue()
        assert module.catalogue() is first
        module.table.vectors.weight.add_(1)
        assert not torch.equal(module.catalogue(), first)
        torch.testing.assert_close(module.catalogue(), module.vectors(torch.arange(7)))


@pytest.mark.parametrize("loss", ["softmax", "sampled_softmax", "bce"])
def test_losses_are_served_in_mixed_precision(data: Any, recommender: Make, loss: str) -> None:
    torch.manual_seed(0)
    module = recommender(data.facts, loss=loss).train()
    batch = data.train.batch(torch.arange(20))
    whole = module.loss(batch)[0].item() if loss == "softmax" else None
    with torch.autocast("cpu", torch.bfloat16):
        found, _ = module.loss(batch)
    torch.autograd.backward(found)
    assert found.dtype == torch.float32
    assert whole is None or found.item() == pytest.approx(whole, rel=0.01)
    assert module.items.weight.grad.isfinite().all()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        assert module.eval().loss(data.test.batch(torch.arange(5)))[0].isfinite()
