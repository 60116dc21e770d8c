from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, Dilated, Extent, Window, lower


@pytest.mark.parametrize(("left", "right", "dilation"), [(0, 0, 2), (2, 0, 3), (1, 2, 2), (3, 3, 1)])
@pytest.mark.parametrize(("queries", "keys"), [(9, 9), (2, 9), (1, 9)])
def test_counts_other_tokens_at_a_distance(left: int, right: int, dilation: int, queries: int, keys: int) -> None:
    allowed = lower(Dilated(left, right, dilation), Extent(1, 1, queries, keys))[0, 0]
    for row in range(queries):
        own = row + keys - queries
        seen = [own + dilation * step for step in range(-left, right + 1)]
        assert allowed[row].nonzero().flatten().tolist() == [key for key in seen if 0 <= key < keys]


def test_a_dilation_of_one_is_the_window() -> None:
    extent = Extent(1, 1, 8, 8)
    assert torch.equal(lower(Dilated(2, 1, 1), extent), lower(Window(2, 1), extent))


def test_heads_take_their_dilations_in_turn() -> None:
    allowed = lower(Dilated(1, 0, (1, 3)), Extent(1, 4, 8, 8))[0]
    assert [row.nonzero().flatten().tolist() for row in allowed[:, 6]] == [[5, 6], [3, 6], [5, 6], [3, 6]]


def test_every_token_sees_itself() -> None:
    assert not Dilated(0, 0, 4).may_hide_all(Extent(1, 1, 5, 5))
    assert lower(Causal() & Dilated(2, 2, 4), Extent(1, 1, 5, 5))[0, 0].diagonal().all()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((-1, 0, 1), r"Dilated.left must be a count of other tokens, at least 0. Got -1"),
        ((0, True, 1), r"Dilated.right must be a count of other tokens"),
        ((0, 0, 0), r"Dilated.dilation\[0\] must be a count of positions, at least 1. Got 0"),
        ((0, 0, (1, 0)), r"Dilated.dilation\[1\] must be a count of positions"),
        ((0, 0, ()), r"Dilated.dilation must name at least one distance"),
    ],
)
def test_refuses_what_is_no_count(arguments: tuple[int, int, int], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        Dilated(*arguments)
