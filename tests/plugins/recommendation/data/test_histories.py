"""Batches to train on and to be evaluated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from attnframe_recommendation.data.histories import Evaluated, Trained
from attnframe_recommendation.data.interactions import Interactions


def test_every_training_item_but_the_first_is_told(interactions: Callable[..., Interactions]) -> None:
    train = Trained(interactions(times=True), max_length=4)
    assert len(train) == 3
    batch = train.batch(torch.arange(3))
    assert batch["items"].tolist() == [[1, 2], [4, 0], [3, 0]]
    assert batch["lengths"].tolist() == [2, 1, 1]
    assert batch["times"].tolist() == [[0, 10], [0, 0], [0, 0]]
    assert batch["places"].tolist() == [0, 1, 2, 4]
    assert batch["targets"].tolist() == [2, 3, 5, 4]
    assert len(batch["held_places"]) == 0


def test_one_user_in_ten_keeps_the_last_transition_apart(interactions: Callable[..., Interactions]) -> None:
    batch = Trained(interactions([[1, 2, 3, 4, 5]] * 10), max_length=9).batch(torch.arange(10))
    assert batch["held_places"].tolist() == [19]
    assert batch["held_targets"].tolist() == [3]
    assert batch["places"].tolist() == list(range(19))


def test_long_histories_keep_their_last_items(interactions: Callable[..., Interactions]) -> None:
    data = interactions([list(range(1, 11))])
    batch = Trained(data, max_length=3).batch(torch.tensor([0]))
    assert batch["items"].tolist() == [[5, 6, 7]]
    assert batch["targets"].tolist() == [6, 7, 8]
    test = Evaluated(data, np.array([0]), 3, 0, None).batch(torch.tensor([0]))
    assert test["items"].tolist() == [[7, 8, 9]]
    assert test["seen"].tolist() == [list(range(1, 10))]


def test_validation_is_the_item_before_the_last_and_test_the_last(interactions: Callable[..., Interactions]) -> None:
    users = np.array([0, 1, 3])
    val, test = (Evaluated(interactions(), users, 4, before, None).batch(torch.arange(3)) for before in (1, 0))
    assert val["items"].tolist() == [[1, 2, 3], [2, 0, 0], [3, 4, 0]]
    assert val["targets"].tolist() == [4, 3, 2]
    assert test["items"].tolist() == [[1, 2, 3, 4], [2, 3, 0, 0], [3, 4, 2, 0]]
    assert test["targets"].tolist() == [5, 1, 6]
    assert test["seen"].tolist() == test["items"].tolist()


def test_candidates_begin_with_the_true_item(interactions: Callable[..., Interactions]) -> None:
    test = Evaluated(interactions(), np.array([0, 1]), 4, 0, np.array([[6, 0], [5, 6]]))
    assert test.batch(torch.tensor([1, 0]))["candidates"].tolist() == [[1, 5, 6], [5, 6, 0]]
