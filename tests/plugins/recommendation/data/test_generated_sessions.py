"""Sessions of a known process."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from attnframe_recommendation.data.generated_sessions import (
    GROUPS,
    ITEMS_OF_GROUP,
    best_possible,
    generated_sessions,
    weights,
)
from attnframe_recommendation.data.histories import Evaluated
from attnframe_recommendation.scores import places


def test_sessions_are_the_same_every_time_and_take_nothing_twice() -> None:
    data = generated_sessions(200)
    assert data.digest == generated_sessions(200).digest
    assert data.counts.min() == 6
    assert data.counts.max() == 16
    for start, count in zip(data.starts, data.counts, strict=True):
        taken = data.taken[start : start + count]
        assert len(set(taken.tolist())) == count
        assert taken.min() >= 1


def test_the_process_is_of_second_order_and_no_less() -> None:
    data = generated_sessions(3000)
    place = np.arange(len(data.taken)) - np.repeat(data.starts, data.counts)
    third = np.flatnonzero(place >= 2)
    group = (data.taken - 1) // ITEMS_OF_GROUP
    follows = group[third] == (group[third - 1] + group[third - 2]) % GROUPS
    assert follows.mean() > 0.7
    # Neither of the two items alone tells the group.
    for back in (1, 2):
        pairs = Counter(zip(group[third - back].tolist(), group[third].tolist(), strict=True))
        assert max(pairs.values()) < 2.5 * len(third) / GROUPS**2


def test_weights_are_probabilities() -> None:
    found = weights(np.array([1, 30]), np.array([72, 2]))
    assert found.shape == (2, GROUPS * ITEMS_OF_GROUP + 1)
    assert found.sum(1) == pytest.approx([1, 1])
    assert (found[:, 0] == 0).all()


def test_the_best_possible_figures_are_those_of_the_true_probabilities_and_no_others_beat_them() -> None:
    data = generated_sessions(2000)
    test = Evaluated(data, np.arange(2000), 16, 0, None)
    best = best_possible(data, test)
    batch = test.batch(torch.arange(2000))
    last, before = (batch["items"].gather(1, batch["lengths"].unsqueeze(1) - back).squeeze(1) for back in (1, 2))
    true = torch.from_numpy(weights(before.numpy(), last.numpy()))
    assert best["hr@10"] == pytest.approx((places(true, batch) <= 10).float().mean().item())
    worse = true * torch.rand(true.shape, generator=torch.Generator().manual_seed(0))
    assert (places(worse, batch) <= 10).float().mean().item() < best["hr@10"]
