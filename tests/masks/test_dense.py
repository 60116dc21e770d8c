from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Dense, Extent, lower

SIZES = {"B": 2, "H": 3, "T": 4, "S": 5}
EXTENT = Extent(2, 3, 4, 5)


def random(axes: str) -> torch.Tensor:
    return torch.rand([SIZES[axis] for axis in axes], generator=torch.Generator().manual_seed(0)) > 0.5


@pytest.mark.parametrize("axes", ["S", "T", "TS", "BS", "HS", "BTS", "HTS", "BHTS", "BHS"])
def test_named_axes_land_where_they_belong(axes: str) -> None:
    tensor = random(axes)
    shape = [SIZES[axis] if axis in axes else 1 for axis in "BHTS"]
    expected = tensor.view(shape).expand(2, 3, 4, 5)
    assert torch.equal(lower(Dense(tensor, axes), EXTENT).expand(2, 3, 4, 5), expected)


def test_ranks_two_and_four_need_no_names() -> None:
    assert Dense(random("TS")).axes == "TS"
    assert Dense(random("BHTS")).axes == "BHTS"
    assert Dense(random("TS")) != Dense(random("TS"))


def test_axes_of_size_one_broadcast() -> None:
    tensor = random("BHTS")[:1, :, :1]
    assert torch.equal(lower(Dense(tensor), EXTENT).expand(2, 3, 4, 5), tensor.expand(2, 3, 4, 5))


def test_rank_three_without_names_is_refused() -> None:
    message = r'Dense\.axes must name the axes of a tensor of rank 3\. Got None\. Use axes="BTS" or axes="HTS"'
    with pytest.raises(ConfigurationError, match=message):
        Dense(random("BTS"))


@pytest.mark.parametrize("axes", ["TB", "BXS", "BB", "", "bts"])
def test_unknown_or_disordered_names_are_refused(axes: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Dense\.axes must be a selection of B, H, T, S in this order"):
        Dense(random("BTS"), axes)


def test_names_must_match_the_rank_and_the_type_be_bool() -> None:
    with pytest.raises(ConfigurationError, match=r"Dense\.tensor must be a bool tensor of shape \(B, T, S\)"):
        Dense(random("TS"), "BTS")
    with pytest.raises(ConfigurationError, match=r"Got float32"):
        Dense(random("TS").float())


def test_wrong_sizes_are_refused_when_lowered() -> None:
    message = r"Dense\.tensor must have shape \(B=2, T=4, S=5\), where an axis may also be 1\. Got \(3, 4, 5\)"
    with pytest.raises(ConfigurationError, match=message):
        lower(Dense(random("HTS"), "BTS"), EXTENT)


def test_a_chunk_and_a_ring_pick_their_part() -> None:
    tensor = random("BHTS")
    assert torch.equal(lower(Dense(tensor), EXTENT, slice(1, 3)), tensor[:, :, 1:3])
    positions = torch.tensor([4, 2])
    ring = Extent(2, 3, 4, 2, query_start=1, key_positions=positions)
    assert torch.equal(lower(Dense(tensor), ring), tensor[..., positions])
