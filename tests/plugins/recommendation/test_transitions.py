"""Counts of transitions, and what they add to a score."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
import torch
from attnframe_recommendation.data.interactions import Interactions, calibrates
from attnframe_recommendation.transitions import Transitions, TransitionSkip


def test_counts_are_those_of_the_training_parts(interactions: Callable[..., Interactions]) -> None:
    data = interactions([[1, 2, 1, 2, 3, 3], [1, 2], [1, 2, 3]])
    counts, followed = Transitions(data.taken, data.counts, 3, calibration=True)(torch.tensor([1, 2, 3]))
    # Of the first user 1 2 1 2, of the second both, of the third only the first item.
    assert counts.tolist() == [[0, 0, 3, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert followed.tolist() == [3, 1, 0]


def test_counts_equal_those_of_a_loop() -> None:
    generator = np.random.default_rng(0)
    lengths = generator.integers(1, 12, 200)
    taken = generator.integers(1, 16, lengths.sum())
    table = Transitions(taken, lengths, 15)
    held = calibrates(np.where(lengths > 2, lengths - 2, lengths))
    told: Counter[tuple[int, int]] = Counter()
    for start, length, keeps in zip(np.cumsum(lengths) - lengths, lengths, held, strict=True):
        part = taken[start : start + (length - 2 if length > 2 else length) - keeps].tolist()
        told.update(itertools.pairwise(part))
    counts, _ = table(torch.arange(16))
    assert counts.sum() == sum(told.values())
    assert all(counts[a, b] == number for (a, b), number in told.items())


def test_the_table_is_no_part_of_the_state(interactions: Callable[..., Interactions]) -> None:
    data = interactions()
    skip = TransitionSkip(Transitions(data.taken, data.counts, 6))
    assert set(skip.state_dict()) == {"strength", "log_epsilon"}


def test_the_skip_follows_its_formula(interactions: Callable[..., Interactions]) -> None:
    data = interactions([[1, 2, 1, 2, 1, 3, 3, 3]])
    skip = TransitionSkip(Transitions(data.taken, data.counts, 3))
    with torch.no_grad():
        skip.strength.copy_(torch.tensor([0.3, 0.2]))
        skip.log_epsilon.fill_(-1.0)
    added = skip(torch.tensor([1]))[0]
    weight = np.log1p(np.exp(0.3 + 0.2 * np.log1p(3)))
    told = [0, 0, weight * np.log1p(2 * np.e), weight * np.log1p(np.e)]
    assert added.tolist() == pytest.approx(told, rel=1e-5)
