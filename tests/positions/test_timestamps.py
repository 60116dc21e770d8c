from __future__ import annotations

import math

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import Timestamps


def test_buckets_by_hand() -> None:
    """Below 1 s, then 1, 10 and 100 s, and 1000 s and more."""
    bias = Timestamps(1, num_buckets=5, unit=1.0, longest=1000.0)
    times = torch.tensor([0.0, 0.99, 1.0, 9.9, 10.1, 99.0, 101.0, 999.0, 1001.0, 1e9])
    assert bias.buckets(times).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_the_buckets_of_hstu() -> None:
    """floor(ln(max(1, time)) / 0.301), held to the last bucket, as its authors' code has them."""
    bias = Timestamps(1, num_buckets=64, unit=math.exp(0.301), longest=math.exp(0.301 * 63))
    times = torch.cat((torch.arange(5000.0), torch.logspace(3, 9, 2000))) + 0.37
    wanted = (times.clamp(min=1).log() / 0.301).floor().clamp(max=63).long()
    assert torch.equal(bias.buckets(times), wanted)


def test_later_keys_have_buckets_of_their_own_unless_causal() -> None:
    both, causal = Timestamps(2, 8, longest=100.0), Timestamps(2, 8, longest=100.0, causal=True)
    times = torch.tensor([[0.0, 5.0, 50.0]])
    assert both.table.shape == (16, 2)
    assert causal.table.shape == (8, 2)
    found = both.bias(times, times)[0, 0]
    assert (found - found.t()).abs().triu(1)[found.triu(1) != 0].min() > 0
    assert torch.equal(causal.bias(times, times), causal.bias(times, times).transpose(-1, -2))


def test_depends_on_differences_alone_also_for_seconds_since_1970() -> None:
    bias, times = Timestamps(2), torch.tensor([[0, 3, 70, 100000]])
    wanted = bias.bias(times, times)
    assert torch.equal(bias.bias(times + 1_700_000_000, times + 1_700_000_000), wanted)
    assert torch.equal(bias.bias(times.double() + 1.7e9, times.double() + 1.7e9), wanted)


def test_positions_of_each_batch_row_and_gradients() -> None:
    bias, times = Timestamps(2, 4, longest=10.0), torch.tensor([[0.0, 0.5, 3.0], [0.0, 20.0, 40.0]])
    found = bias.bias(times, times[:, 1:])
    assert found.shape == (2, 2, 3, 2)
    torch.testing.assert_close(found[1:], bias.bias(times[1:], times[1:, 1:]))
    found.sum().backward()
    assert bias.table.grad is not None
    assert bias.table.grad.sum() == found.numel()


def test_works_without_values_and_when_compiled() -> None:
    bias, times = Timestamps(2), torch.arange(6.0)[None] ** 3
    compiled = torch.compile(bias.bias, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(times, times), bias.bias(times, times))
    assert bias.to("meta").bias(times.to("meta"), times.to("meta")).shape == (1, 2, 6, 6)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"num_buckets": 2}, r"num_buckets \(Timestamps\) must be at least 3\. Got 2\."),
        ({"unit": 0.0}, r"unit \(Timestamps\) must be above 0 and below longest=3\.1536e\+07\. Got 0\.0\."),
        ({"longest": 0.5}, r"unit \(Timestamps\) must be above 0 and below longest=0\.5\. Got 1\.0\."),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, float], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        Timestamps(2, **arguments)
