from __future__ import annotations

import math

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import LongRopeScaling


def test_each_frequency_has_its_factor() -> None:
    found = LongRopeScaling([1.0, 2.0], 4.0, 16).scaled(torch.tensor([1.0, 0.1]), 100.0)
    torch.testing.assert_close(found, torch.tensor([1.0, 0.05]))
    assert LongRopeScaling([1.0], 4.0, 16).attention_factor == pytest.approx(math.sqrt(1.5))


def test_arguments_that_do_not_fit_are_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"factors \(LongRopeScaling\) must be one for each of the 3 .+ Got 2\."
    ):
        LongRopeScaling([1.0, 2.0], 4.0, 16).scaled(torch.ones(3), 100.0)
    with pytest.raises(ConfigurationError, match=r"factors \(LongRopeScaling\) must be above 0 each\. Got 0\.0\."):
        LongRopeScaling([1.0, 0.0], 4.0, 16)
    with pytest.raises(ConfigurationError, match=r"original_length \(LongRopeScaling\) must be at least 2\. Got 1\."):
        LongRopeScaling([1.0], 4.0, 1)
