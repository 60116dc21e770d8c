from __future__ import annotations

import torch
from torch import nn

from attnframe.training.average import WeightAverage


def test_the_average_follows_its_formula() -> None:
    linear = nn.Linear(3, 2, bias=False)
    average = WeightAverage(linear, decay=0.5)
    expected = linear.weight.detach().clone()
    for step in range(1, 20):
        with torch.no_grad():
            linear.weight.normal_()
        average.update(step)
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * linear.weight.detach()
    torch.testing.assert_close(average.averages[0], expected)


def test_the_averages_are_in_place_inside_the_block_only() -> None:
    linear = nn.Linear(3, 2)
    average = WeightAverage(linear, decay=0.9)
    with torch.no_grad():
        linear.weight.zero_()
    averaged = average.averages[0].clone()
    with average.applied():
        assert torch.equal(linear.weight, averaged)
    assert torch.equal(linear.weight, torch.zeros(2, 3))
    assert torch.equal(average.averages[0], averaged)


def test_the_weights_come_back_when_the_block_raises() -> None:
    linear = nn.Linear(3, 2)
    average = WeightAverage(linear, decay=0.9)
    with torch.no_grad():
        linear.weight.zero_()
    try:
        with average.applied():
            raise RuntimeError
    except RuntimeError:
        pass
    assert torch.equal(linear.weight, torch.zeros(2, 3))
