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
    table, last = Transitions(data.taken, data.counts, 3, calibration=True), torch.tensor([1, 2, 3])
    # Of the first user 1 2 1 2, of the second both, of the third only the first item.
    assert table(last).tolist() == [[0, 0, 3, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert table.followers(last)[3].tolist() == [3, 1, 0]


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
    counts = table(torch.arange(16))
    assert counts.sum() == sum(told.values())
    assert all(counts[a, b] == number for (a, b), number in told.items())


def test_what_comes_later_counts_less(interactions: Callable[..., Interactions]) -> None:
    data = interactions([[1, 2, 3, 1, 2, 2]])
    table = Transitions(data.taken, data.counts, 3, reach=3, calibration=True)
    # Of 1 2 3 1: 1 -> 2, 2 -> 3 and 3 -> 1 are one apart, 1 -> 3 and 2 -> 1 two, 1 -> 1 three.
    told = [[0, 1 / 3, 1, 1 / 2], [0, 1 / 2, 0, 1], [0, 1, 0, 0]]
    for found, row in zip(table(torch.tensor([1, 2, 3])).tolist(), told, strict=True):
        assert found == pytest.approx(row)


def test_the_table_is_no_part_of_the_state(interactions: Callable[..., Interactions]) -> None:
    data = interactions()
    skip = TransitionSkip(Transitions(data.taken, data.counts, 6))
    assert set(skip.state_dict()) == {"gate", "log_sharpness"}


def test_the_skip_mixes_two_distributions(interactions: Callable[..., Interactions]) -> None:
    data = interactions([[1, 2, 1, 2, 1, 3, 3, 3]])
    skip = TransitionSkip(Transitions(data.taken, data.counts, 3))
    with torch.no_grad():
        skip.gate.copy_(torch.tensor([-0.5, 0.2]))
        skip.log_sharpness.fill_(0.3)
    scores = torch.tensor([[9.0, 1.0, 2.0, -1.0], [9.0, 1.0, 2.0, -1.0]])
    mixed, share = skip(scores, torch.tensor([1, 3]))
    assert mixed.exp().sum(1).tolist() == pytest.approx([1, 1])
    assert mixed[:, 0].tolist() == [-torch.inf, -torch.inf]
    # What followed item 1 is item 2 twice and item 3 once; nothing is counted after item 3.
    gate = 1 / (1 + np.exp(0.5 - 0.2 * np.log(3)))
    assert share.tolist() == pytest.approx([gate, 0])
    own = torch.softmax(scores[0, 1:] * np.exp(0.3), 0)
    told = (1 - gate) * own + gate * torch.tensor([0, 2 / 3, 1 / 3])
    assert mixed[0, 1:].exp().tolist() == pytest.approx(told.tolist(), rel=1e-5)
    assert mixed[1, 1:].exp().tolist() == pytest.approx(own.tolist(), rel=1e-5)


def test_the_skip_learns_how_far_counts_are_to_be_trusted() -> None:
    generator = np.random.default_rng(0)
    taken = np.concatenate([np.append(generator.integers(1, 6, 1), [0, 1, 1]) for _ in range(400)])
    taken[1::4] = taken[::4] % 5 + 1
    skip = TransitionSkip(Transitions(taken, np.full(400, 4), 5))
    optimiser = torch.optim.Adam(skip.parameters(), 0.1)
    last = torch.arange(1, 6)
    for _ in range(100):
        mixed, share = skip(torch.zeros(5, 6), last)
        optimiser.zero_grad()
        torch.autograd.backward(torch.nn.functional.nll_loss(mixed, last % 5 + 1))
        optimiser.step()
    assert share.min() > 0.9
