from __future__ import annotations

import math

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import Llama3Scaling


def test_turns_within_the_original_length_decide() -> None:
    turns = torch.tensor([100.0, 4.0, 2.5, 1.0, 0.1])
    frequency = turns * 2 * math.pi / 64
    share = Llama3Scaling(8.0, 64).scaled(frequency, 10000.0) / frequency
    torch.testing.assert_close(share, torch.tensor([1, 1, (1 + 1 / 8) / 2, 1 / 8, 1 / 8]))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"original_length": 0}, r"original_length \(Llama3Scaling\) must be at least 1\. Got 0\."),
        ({"slow": 4.0}, r"slow \(Llama3Scaling\) must be above 0 and below fast=4\. Got 4\.0\."),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, float], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        Llama3Scaling(**{"factor": 2.0, "original_length": 64, **arguments})
