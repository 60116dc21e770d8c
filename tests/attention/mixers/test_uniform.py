"""The control: means of what is visible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.mixers import UniformMixer
from attnframe.masks import Causal, Dense, Edges, Full, Mask, Padding, Prefix, Window, lower

Make = Callable[..., Any]

MASKS = [
    Full(),
    Causal(),
    Padding(torch.arange(9).expand(2, -1) < torch.tensor([[9], [4]])),
    Causal() & Padding(torch.arange(9).expand(2, -1) >= torch.tensor([[0], [4]])),
    Padding(torch.zeros(2, 9, dtype=torch.bool)),
    Window(2, 1),
    Causal() | Prefix(3),
    Dense(torch.arange(81).view(9, 9) % 3 > 0),
    Edges(torch.tensor([[0, 1, 5, 8], [2, 2, 0, 7]]), 9),
]


@pytest.mark.parametrize("mask", MASKS, ids=repr)
def test_every_form_is_the_mean_of_the_visible_values(make: Make, mask: Mask) -> None:
    query, key, value, call = make(9, mask=mask)
    out = UniformMixer()(query, key, value, call)
    allowed = lower(mask, call.extent).expand(2, 4, 9, 9)
    values = value.repeat_interleave(2, dim=1)
    for b, h, t in ((0, 0, 0), (0, 3, 8), (1, 1, 2), (1, 2, 5), (0, 2, 7)):
        seen = values[b, h, allowed[b, h, t]]
        expected = seen.mean(dim=0) if len(seen) else torch.zeros(4, dtype=torch.float64)
        torch.testing.assert_close(out[b, h, t], expected)


def test_queries_and_keys_change_nothing(make: Make) -> None:
    query, key, value, call = make(5, mask=Dense(torch.eye(5, dtype=torch.bool).roll(1, 0)))
    assert torch.equal(UniformMixer()(query * 9, key - 3, value, call), UniformMixer()(query, key, value, call))


def test_weights_are_one_over_the_number_of_visible_keys(make: Make) -> None:
    query, key, _, call = make(4, mask=Causal())
    weights = UniformMixer().weights(query, key, call, slice(None))
    expected = torch.ones(4, 4, dtype=torch.float64).tril() / torch.arange(1, 5).view(-1, 1)
    torch.testing.assert_close(weights, expected.expand(2, 4, 4, 4))


def test_half_precision_sums_keep_their_precision(make: Make) -> None:
    query, key, value, call = make(4000, mask=Causal(), batch=1)
    value = torch.ones_like(value).to(torch.bfloat16)
    assert torch.equal(UniformMixer()(query, key, value, call), torch.ones(1, 4, 4000, 4, dtype=torch.bfloat16))
