"""Histories, and what of them is trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from attnframe_recommendation.data.interactions import (
    Interactions,
    calibrates,
    from_lines,
    grouped,
    numbered,
    to_lines,
    trained_counts,
)


def test_the_last_two_of_three_or_more_are_held_out() -> None:
    assert trained_counts(np.array([1, 2, 3, 4, 9])).tolist() == [1, 2, 1, 2, 7]


def test_one_in_ten_of_those_that_can_calibrates() -> None:
    found = calibrates(np.array([2, 3] * 50))
    assert found.sum() == 5
    assert not found[::2].any()


def test_events_are_put_in_the_order_of_time_and_ties_in_that_of_the_file() -> None:
    users, items = np.array([1, 0, 1, 0, 1]), np.array([5, 6, 7, 8, 9])
    taken, counts, times = grouped(users, items, np.array([3, 2, 1, 2, 3]), 3)
    assert taken.tolist() == [6, 8, 7, 5, 9]
    assert counts.tolist() == [2, 3, 0]
    assert times is not None
    assert times.tolist() == [2, 2, 1, 3, 3]
    assert grouped(users, items, None, 2)[0].tolist() == [6, 8, 5, 7, 9]


def test_lines_and_numbers_are_the_same(interactions: Callable[..., Interactions]) -> None:
    data = interactions()
    lines = to_lines(data.taken, data.counts)
    assert lines[0] == "1 2 3 4 5"
    taken, counts = from_lines(lines)
    assert (taken == data.taken).all()
    assert (counts == data.counts).all()
    assert from_lines([])[0].dtype == np.int64


def test_names_are_numbered_as_they_first_appear() -> None:
    assert numbered(["b", "a", "b"]) == {"b": 1, "a": 2}


def test_the_digest_changes_with_each_part(interactions: Callable[..., Interactions]) -> None:
    data = interactions(described=True)
    others = [replace(data, users=("x", *data.users[1:])), replace(data, times=data.taken), replace(data, titles=())]
    assert len({data.digest, *(other.digest for other in others)}) == 4
    assert interactions(described=True).digest == data.digest
