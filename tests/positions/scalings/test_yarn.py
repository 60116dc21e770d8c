from __future__ import annotations

import math

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import YarnScaling


def test_fast_features_are_kept_and_slow_ones_interpolated() -> None:
    base, count = 10000.0, 32
    frequency = 1 / base ** (torch.arange(count) / count)
    turns = frequency * 4096 / (2 * math.pi)
    share = YarnScaling(8.0, 4096).scaled(frequency, base) / frequency
    torch.testing.assert_close(share[turns > 40], torch.ones(int((turns > 40).sum())))
    torch.testing.assert_close(share[turns < 0.7], torch.full((int((turns < 0.7).sum()),), 1 / 8))
    between = share[(turns > 1.3) & (turns < 30)]
    assert bool((between.diff() < 0).all())


def test_an_original_length_of_less_than_a_turn() -> None:
    """All but the fastest feature, whose index is the first, are interpolated; nothing is divided by 0."""
    frequency = 1 / 100.0 ** (torch.arange(4) / 4)
    assert YarnScaling(2.0, 1).scaled(frequency, 100.0).tolist() == pytest.approx([1, *(frequency[1:] / 2).tolist()])


def test_the_attention_factor_is_the_papers_or_what_is_given() -> None:
    assert YarnScaling(4.0, 64).attention_factor == pytest.approx(0.1 * math.log(4) + 1)
    assert YarnScaling(4.0, 64, attention_factor=1.0).attention_factor == 1


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"original_length": 0}, r"original_length \(YarnScaling\) must be at least 1\. Got 0\."),
        ({"slow": 32.0}, r"slow \(YarnScaling\) must be above 0 and below fast=32\. Got 32\.0\."),
        ({"attention_factor": 0.0}, r"attention_factor \(YarnScaling\) must be above 0\. Got 0\.0\."),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, float], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        YarnScaling(**{"factor": 2.0, "original_length": 64, **arguments})
