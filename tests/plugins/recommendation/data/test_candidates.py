"""Drawn negatives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attnframe_recommendation.data.candidates import NEGATIVES, drawn_negatives
from attnframe_recommendation.data.interactions import Interactions


def many(items: int = 300, users: int = 60) -> list[list[int]]:
    generator = np.random.default_rng(0)
    found = [generator.permutation(np.arange(1, items + 1))[: generator.integers(3, 40)].tolist() for _ in range(users)]
    return [*found, [items, 1, 2]]


def test_no_negative_was_taken_or_comes_twice(interactions: Callable[..., Interactions]) -> None:
    histories = many()
    users = np.arange(len(histories))
    found = drawn_negatives(interactions(histories), users, None, np.random.default_rng(0))
    assert found.shape == (len(histories), NEGATIVES)
    for row, history in zip(found.tolist(), histories, strict=True):
        assert len(set(row)) == NEGATIVES
        assert not set(row) & {0, *history}


def test_draws_are_uniform_or_follow_the_weights(interactions: Callable[..., Interactions]) -> None:
    data = interactions([[300, 299, 298]] * 400)
    weights = np.where(np.arange(300) < 150, 9.0, 1.0)
    even, uneven = (drawn_negatives(data, np.arange(400), given, np.random.default_rng(0)) for given in (None, weights))
    assert abs((even <= 150).mean() - 150 / 297) < 0.01
    assert (uneven <= 150).mean() > 0.7


def test_the_same_seed_draws_the_same(interactions: Callable[..., Interactions]) -> None:
    data = interactions(many())
    first, again, other = (
        drawn_negatives(data, np.arange(20), None, np.random.default_rng([seed, 0])) for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_with_fewer_items_all_that_are_left_are_candidates(interactions: Callable[..., Interactions]) -> None:
    found = drawn_negatives(interactions([[1, 2, 3, 30]]), np.array([0]), None, np.random.default_rng(0))[0]
    assert sorted(found[found > 0].tolist()) == list(range(4, 30))
    assert (found == 0).sum() == NEGATIVES - 26
