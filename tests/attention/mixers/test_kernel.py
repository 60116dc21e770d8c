"""What mixers by features have in common: every mask, form and step agrees with the pairs written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.cache import RecurrentCache
from attnframe.attention.mixer import Call
from attnframe.attention.mixers.kernel import KernelMixer
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Causal, Dense, Documents, Extent, Full, Mask, Padding, Prefix, lower

Make = Callable[..., Any]


class ByPlace(KernelMixer):
    """Features that depend on the position, so that a wrong one shows."""

    def feature_dim(self, head_dim: int) -> int:
        return head_dim

    def query_features(self, query: Tensor, positions: Tensor) -> Tensor:
        return torch.exp(query + 0.1 * positions.unsqueeze(-1))

    def key_features(self, key: Tensor, positions: Tensor) -> Tensor:
        return 1 + key.square() * torch.cos(0.1 * positions.unsqueeze(-1))


def _by_definition(query: Tensor, key: Tensor, value: Tensor, allowed: Tensor) -> Tensor:
    mixer, positions = ByPlace(), torch.arange(key.shape[2])
    products = mixer.query_features(query, positions) @ mixer.key_features(key, positions).repeat_interleave(2, 1).mT
    products = products * allowed
    total = products.sum(-1, keepdim=True)
    return products / total.where(total > 0, 1.0) @ value.repeat_interleave(2, dim=1)


@pytest.mark.parametrize(
    "mask",
    [
        Full(),
        Causal(),
        Padding(torch.arange(9).expand(2, -1) < torch.tensor([[9], [4]])),
        Causal() & Padding(torch.arange(9).expand(2, -1) >= torch.tensor([[0], [4]])),
        Causal() & Padding(torch.tensor([[True], [False]])),
        Documents(torch.arange(9).expand(2, -1) // 4),
        Causal() | Prefix(3),
        Dense(torch.arange(81).view(9, 9) % 3 > 0),
    ],
    ids=repr,
)
@pytest.mark.parametrize("chunk", [2, None])
def test_positions_reach_the_features_under_every_mask(make: Make, mask: Mask, chunk: int | None) -> None:
    query, key, value, call = make(9, mask=mask)
    out = ByPlace(chunk)(query, key, value, call)
    expected = _by_definition(query, key, value, lower(mask, call.extent))
    torch.testing.assert_close(out, expected)
    for one, other in zip(
        torch.autograd.grad(out.square().sum(), (query, key, value)),
        torch.autograd.grad(expected.square().sum(), (query, key, value)),
        strict=True,
    ):
        torch.testing.assert_close(one, other)


def test_steps_stand_at_their_positions(make: Make) -> None:
    query, key, value, call = make(9, mask=Causal())
    mixer, state, outs = ByPlace(), RecurrentCache(2), []
    for rows in (slice(0, 1), slice(1, 6), slice(6, 9)):
        seen = state.append(key[:, :, rows], value[:, :, rows])
        step = rows.stop - rows.start
        extent = Extent(2, 4, step, step, seen.start, seen.key_positions)
        outs.append(mixer(query[:, :, rows], seen.key, seen.value, Call(Causal(), extent, state=state)))
    torch.testing.assert_close(torch.cat(outs, dim=2), mixer(query, key, value, call))


def test_weights_make_the_output(make: Make) -> None:
    query, key, value, call = make(9, mask=Causal())
    weights = ByPlace().weights(query, key, call, slice(2, 7))
    out = ByPlace()(query, key, value, call)
    torch.testing.assert_close(weights @ value.repeat_interleave(2, dim=1), out[:, :, 2:7])


def test_weights_of_a_step_are_refused(make: Make) -> None:
    query, key, value, _ = make(3)
    state = RecurrentCache(2)
    seen = state.append(key, value)
    call = Call(Causal(), Extent(2, 4, 3, 3, seen.start, seen.key_positions), state=state)
    with pytest.raises(UnsupportedError, match="holds no past keys to show weights of"):
        ByPlace().weights(query, key, call, slice(None))


def test_a_chunk_below_one_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"chunk \(ByPlace\) must be at least 1. Got 0"):
        ByPlace(0)
