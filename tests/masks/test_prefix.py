from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, Extent, Prefix, lower


def test_prefix_language_model() -> None:
    allowed = lower(Causal() | Prefix(2), Extent(1, 1, 4, 4))
    assert allowed[0, 0].int().tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]


def test_lengths_of_each_batch_row() -> None:
    allowed = lower(Prefix(torch.tensor([0, 3])), Extent(2, 1, 2, 4))
    assert allowed[:, 0].expand(2, 2, 4).int().tolist() == [[[0] * 4] * 2, [[1, 1, 1, 0]] * 2]


def test_cached_decoding_sees_the_prefix_too() -> None:
    mask = Causal() | Prefix(3)
    full = lower(mask, Extent(1, 1, 6, 6))
    for step in range(3, 6):
        assert torch.equal(lower(mask, Extent(1, 1, 1, step + 1))[0, 0, 0], full[0, 0, step, : step + 1])


def test_a_known_prefix_hides_nothing_entirely() -> None:
    extent = Extent(1, 1, 4, 4)
    assert not Prefix(1).may_hide_all(extent)
    assert Prefix(0).may_hide_all(extent)
    assert Prefix(torch.tensor([1])).may_hide_all(extent)
    assert not (Causal() | Prefix(torch.tensor([0]))).may_hide_all(extent)


@pytest.mark.parametrize("lengths", [-1, 1.5, True, "2"])
def test_refuses_what_is_no_count(lengths: int) -> None:
    with pytest.raises(ConfigurationError, match=r"Prefix\.lengths must be a count of tokens, at least 0"):
        Prefix(lengths)


def test_refuses_real_lengths() -> None:
    with pytest.raises(ConfigurationError, match=r"Prefix\.lengths must be an integer tensor of shape \(B\)"):
        Prefix(torch.tensor([1.0, 2.0]))


def test_refuses_another_batch_size() -> None:
    with pytest.raises(ConfigurationError, match=r"Prefix\.lengths must have shape \(B=2\)"):
        lower(Prefix(torch.tensor([1, 2, 3])), Extent(2, 1, 4, 4))
