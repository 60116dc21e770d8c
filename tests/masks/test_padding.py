from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Extent, Padding, lower

VALID = torch.tensor([[True, True, False, False], [False, True, True, True]])


def test_hides_padding_of_its_batch_row_from_every_query() -> None:
    allowed = lower(Padding(VALID), Extent(2, 3, 5, 4)).expand(2, 3, 5, 4)
    assert torch.equal(allowed, VALID[:, None, None, :].expand(2, 3, 5, 4))


def test_one_row_serves_the_whole_batch() -> None:
    allowed = lower(Padding(VALID[:1]), Extent(3, 1, 2, 4)).expand(3, 1, 2, 4)
    assert torch.equal(allowed, VALID[:1, None, None, :].expand(3, 1, 2, 4))


def test_is_looked_up_by_position_in_a_ring() -> None:
    ring = Extent(2, 1, 1, 2, query_start=3, key_positions=torch.tensor([2, 1]))
    assert lower(Padding(VALID), ring)[:, 0, 0].tolist() == [[False, True], [True, True]]


def test_may_hide_all() -> None:
    assert Padding(VALID).may_hide_all(Extent(2, 1, 4, 4))


def test_refuses_a_float_mask() -> None:
    message = (
        r"Padding\.valid \(True = real key\) must be a bool tensor of shape \(B, S\)\. Got float32 of shape \(2, 4\)\."
    )
    with pytest.raises(ConfigurationError, match=message):
        Padding(VALID.float())


def test_refuses_another_rank() -> None:
    with pytest.raises(ConfigurationError, match=r"Got bool of shape \(4,\)"):
        Padding(VALID[0])


@pytest.mark.parametrize("shape", [(2, 5), (3, 4), (2, 3)])
def test_refuses_other_sizes_when_lowered(shape: tuple[int, int]) -> None:
    mask = Padding(torch.ones(shape, dtype=torch.bool))
    with pytest.raises(ConfigurationError, match=r"Padding\.valid must have shape \(B=2, S=4\)") as caught:
        lower(mask, Extent(2, 1, 4, 4))
    assert str(tuple(shape)) in str(caught.value)


def test_refuses_another_device_and_says_how_to_move() -> None:
    with pytest.raises(ConfigurationError, match=r"must be on cpu, as the queries are\. Got meta\. Use mask\.to"):
        lower(Padding(VALID.to("meta")), Extent(2, 1, 4, 4))
