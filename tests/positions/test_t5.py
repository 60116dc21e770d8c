from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import T5Bias


def test_buckets_by_hand() -> None:
    """8 buckets in all: 0 and 1 have their own on each side, 2 to 3 and 4 and more share."""
    offset = torch.tensor([-9, -4, -3, -2, -1, 0, 1, 2, 3, 4, 9])
    assert T5Bias(1, num_buckets=8, max_distance=8).buckets(offset).tolist() == [3, 3, 2, 2, 1, 0, 5, 6, 6, 7, 7]
    assert T5Bias(1, num_buckets=4, max_distance=8, causal=True).buckets(offset).tolist() == [3, 3, 2, 2, 1, *[0] * 6]


def test_depends_on_differences_alone_and_stays_the_same_far_away() -> None:
    bias, here, there = T5Bias(3, 8, 20), torch.tensor([[3, 8, 9]]), torch.tensor([[0, 4, 7, 20]])
    torch.testing.assert_close(bias.bias(here + 5, there + 5), bias.bias(here, there))
    torch.testing.assert_close(bias.bias(here, here + 20), bias.bias(here, here + 100000))


def test_positions_of_each_batch_row() -> None:
    bias, queries, keys = T5Bias(4), torch.tensor([[0, 1], [5, 9]]), torch.tensor([[0, 1, 2]])
    found = bias.bias(queries, keys)
    assert found.shape == (2, 4, 2, 3)
    torch.testing.assert_close(found[1:], bias.bias(queries[1:], keys))
    torch.testing.assert_close(found[:1], bias.bias(queries[:1], keys))


@pytest.mark.parametrize("causal", [False, True])
def test_every_bucket_learns(causal: bool) -> None:
    bias, at = T5Bias(2, 8, 20, causal), torch.arange(40)[None]
    found = bias.bias(at, at)
    (found.tril() if causal else found).sum().backward()
    assert bias.table.grad is not None
    used = (bias.table.grad > 0).all(dim=1)
    # T5's buckets of later keys begin with one for distance 0, which none of them has.
    assert used.tolist() == [causal or bucket != 4 for bucket in range(8)]


def test_works_without_values_and_when_compiled() -> None:
    at = torch.zeros(1, 5, dtype=torch.long, device="meta")
    assert T5Bias(2).to("meta").bias(at, at).shape == (1, 2, 5, 5)
    bias, at = T5Bias(2, 8, 20), torch.arange(30)[None]
    torch.testing.assert_close(torch.compile(bias.bias, fullgraph=True, backend="eager")(at, at), bias.bias(at, at))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"num_buckets": 7}, r"num_buckets \(T5Bias\) must be even and at least 4\. Got 7\."),
        ({"num_buckets": 2}, r"num_buckets \(T5Bias\) must be even and at least 4\. Got 2\."),
        ({"max_distance": 8}, r"max_distance \(T5Bias\) must be above 8, .+ Got 8\."),
        ({"max_distance": 16, "causal": True}, r"max_distance \(T5Bias\) must be above 16, .+ Got 16\."),
    ],
)
def test_buckets_that_do_not_fit_are_refused(arguments: dict[str, int], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        T5Bias(2, **arguments)


def test_real_positions_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"positions \(T5Bias\) must be integers.+Use Timestamps"):
        T5Bias(2).bias(torch.zeros(1, 2), torch.zeros(1, 2))
