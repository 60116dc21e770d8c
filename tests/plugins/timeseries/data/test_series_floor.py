"""Simple classifiers and what they are made of."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from attnframe_timeseries.data.random_kernels import RandomKernels
from attnframe_timeseries.data.warping import warped_distances
from attnframe_timeseries.recipes.archive import JapaneseVowels
from attnframe_timeseries.recipes.cylinder_bell_funnel import CylinderBellFunnel

DATA = os.environ.get("ATTNFRAME_DATA_DIR")


def slow_distance(one: np.ndarray, other: np.ndarray) -> float:
    """Dynamic time warping as its recursion says."""
    table = np.full((len(one) + 1, len(other) + 1), np.inf)
    table[0, 0] = 0
    for i, a in enumerate(one, start=1):
        for j, b in enumerate(other, start=1):
            table[i, j] = ((a - b) ** 2).sum() + min(table[i - 1, j], table[i, j - 1], table[i - 1, j - 1])
    return float(table[-1, -1])


def test_warped_distances_are_those_of_the_recursion() -> None:
    generator = np.random.default_rng(0)
    one, other = (generator.normal(size=(count, 7, 2)).astype(np.float32) for count in (3, 4))
    first, second = np.array([7, 4, 5]), np.array([3, 7, 6, 2])
    found = warped_distances(one, first, other, second)
    for i in range(3):
        for j in range(4):
            assert found[i, j] == pytest.approx(slow_distance(one[i, : first[i]], other[j, : second[j]]), rel=1e-6)


def test_a_series_at_another_speed_is_near() -> None:
    slow = np.repeat(np.array([0.0, 1.0, 3.0, 2.0]), 2).astype(np.float32)[None, :, None]
    fast = np.array([0.0, 1.0, 3.0, 2.0, 0, 0, 0, 0]).astype(np.float32)[None, :, None]
    assert warped_distances(slow, np.array([8]), fast, np.array([4]))[0, 0] == pytest.approx(0, abs=1e-9)


def test_features_of_kernels_are_shares_that_padding_does_not_change() -> None:
    torch.manual_seed(0)
    series, valid = torch.randn(6, 40, 3), torch.ones(6, 40, dtype=torch.bool)
    kernels = RandomKernels(series, valid)
    features = kernels(series, valid)
    assert features.shape[1] % 84 == 0
    assert (features >= 0).all()
    assert (features <= 1).all()
    longer = torch.cat([series, torch.zeros(6, 5, 3)], 1)
    padded = torch.cat([valid, torch.zeros(6, 5, dtype=torch.bool)], 1)
    np.testing.assert_allclose(kernels(longer, padded), features, atol=1e-6)


def test_the_floor_of_the_shapes(tmp_path: Path) -> None:
    module = CylinderBellFunnel().build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)
    module.setup()
    floor = module.floor()
    assert floor["name"] == "ridge on random convolution kernels"
    assert floor["test/accuracy"] > 0.9
    assert set(floor["others"]) >= {"logistic regression on all values", "nearest neighbour, Euclidean"}


@pytest.mark.skipif(DATA is None, reason="ATTNFRAME_DATA_DIR is not set")
def test_the_floor_of_japanese_vowels(tmp_path: Path) -> None:
    module = JapaneseVowels().build(data_dir=Path(str(DATA)), cache_dir=tmp_path, seed=0)
    module.setup()
    floor = module.floor()
    accuracy = {floor["name"]: floor["test/accuracy"]} | {n: one["test/accuracy"] for n, one in floor["others"].items()}
    assert accuracy["logistic regression on all values"] == pytest.approx(0.978, abs=0.008)
    assert accuracy["nearest neighbour, Euclidean"] == pytest.approx(0.916, abs=0.03)
