"""Popularity and last-item transitions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from attnframe_recommendation.data.floor import floors
from attnframe_recommendation.data.interactions import Interactions
from attnframe_recommendation.data.module import InteractionModule


def by_hand(histories: list[list[int]], items: int, transitions: bool) -> tuple[float, float]:
    """HR@10 and NDCG@10 in full ranking by loops."""
    popular, follow = np.zeros(items + 1), np.zeros((items + 1, items + 1))
    for history in histories:
        part = history[:-2]
        for item in part:
            popular[item] += 1
        for a, b in itertools.pairwise(part):
            follow[a, b] += 1
    found = []
    for history in histories:
        *known, target = history
        scores = follow[known[-1]] + 1e-6 * popular if transitions else popular.copy()
        left = [x for x in range(1, items + 1) if x == target or x not in known]
        better = sum(scores[x] > scores[target] for x in left)
        equal = sum(scores[x] == scores[target] for x in left) - 1
        found.append(1 + better + equal / 2)
    hits = [rank <= 10 for rank in found]
    return float(np.mean(hits)), sum(1 / math.log2(1 + r) for r in found if r <= 10) / len(found)


def test_figures_equal_those_of_loops(interactions: Callable[..., Interactions], module_of: Callable[..., Any]) -> None:
    generator = np.random.default_rng(0)
    histories = [generator.permutation(np.arange(1, 31))[: generator.integers(3, 12)].tolist() for _ in range(80)]
    module: InteractionModule = module_of(interactions([*histories, [30, 1, 2]]))
    found = floors(module.data, module.test)
    told = by_hand([*histories, [30, 1, 2]], 30, True)
    assert (found["test/hr@10"], found["test/ndcg@10"]) == pytest.approx(told, abs=1e-6)
    told = by_hand([*histories, [30, 1, 2]], 30, False)
    assert tuple(found["popularity"].values()) == pytest.approx(told, abs=1e-6)
    assert found["name"] == "last-item transitions"
