"""Weight that rests on a few keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
import torch

from attnframe import Attention
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.interpretation import capture, sink_mass

WEIGHTS = torch.tensor([[0.5, 0.3, 0.2], [0.0, 0.0, 0.0], [0.2, 0.4, 0.2]])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (1, [0.5, 0.0, 0.25]),
        (2, [0.8, 0.0, 0.75]),
        ([2], [0.2, 0.0, 0.25]),
        ([0, -1, 2], [0.7, 0.0, 0.5]),
        (3, [1.0, 0.0, 1.0]),
    ],
)
def test_shares_of_the_keys_are_summed(keys: int | Sequence[int], expected: list[float]) -> None:
    torch.testing.assert_close(sink_mass(WEIGHTS, keys), torch.tensor(expected))


@pytest.mark.parametrize("keys", [0, 4, [], [3], [-4]])
def test_keys_that_are_not_there_are_refused(keys: int | Sequence[int]) -> None:
    with pytest.raises(ConfigurationError, match=r"keys \(sink_mass\) must be one key at least, and within the 3 keys"):
        sink_mass(WEIGHTS, keys)


def test_negative_weights_have_no_mass() -> None:
    with pytest.raises(UnsupportedError, match=r"weights \(sink_mass\) must be at least 0"):
        sink_mass(-WEIGHTS)


def test_a_causal_layer_rests_on_its_first_key_at_first() -> None:
    layer, x = Attention(8, 2, causal=True), torch.zeros(1, 4, 8)
    with capture(layer, measure=sink_mass) as first, capture(layer, measure=partial(sink_mass, keys=[1, 3])) as own:
        layer(x)
    torch.testing.assert_close(first[""], torch.tensor([1.0, 1 / 2, 1 / 3, 1 / 4]).expand(1, 2, 4))
    torch.testing.assert_close(own[""], torch.tensor([0.0, 1 / 2, 1 / 3, 2 / 4]).expand(1, 2, 4))
