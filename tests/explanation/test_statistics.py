"""Measures of heads with known weights."""

import math

import pytest
import torch

from attnframe.explanation.statistics import statistics


def test_one_key_alone_all_alike_and_a_sink() -> None:
    alone, alike, sink = torch.eye(4), torch.full((4, 4), 0.25), torch.tensor([[0.7, 0.1, 0.1, 0.1]] * 4)
    (found,) = statistics({"layer": torch.stack([alone, alike, sink]).unsqueeze(0)})
    assert (found.layer, found.queries, found.keys) == ("layer", 4, 4)
    assert found.entropy[:2] == (0.0, pytest.approx(math.log(4), abs=1e-4))
    assert found.spread[:2] == (0.0, 1.0)
    assert 0 < found.spread[2] < 1
    assert found.sink_mass == (0.25, 0.25, 0.7)
    assert found.sink[2] == 0


def test_hidden_keys_and_queries_that_see_none_do_not_count() -> None:
    causal = torch.tensor([[[[0.0, 0.0, 0.0], [0.5, 0.5, 0.0], [1 / 3, 1 / 3, 1 / 3]]]])
    (found,) = statistics({"layer": causal})
    assert found.spread == (1.0,)
    assert found.sink_mass == (pytest.approx((0.5 + 1 / 3) / 2, abs=1e-4),)


def test_of_negative_weights_the_size_counts() -> None:
    weights = torch.tensor([[[[0.5, -0.5]]]])
    assert statistics({"layer": weights}) == statistics({"layer": weights.abs()})
