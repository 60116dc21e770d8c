from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import BlockWindow, Extent, Padding, lower


@pytest.mark.parametrize(("left", "right"), [(0, 0), (1, 0), (0, 2), (1, 1)])
def test_sees_whole_blocks(left: int, right: int) -> None:
    allowed = lower(BlockWindow(3, left, right), Extent(1, 1, 8, 8))[0, 0]
    for query in range(8):
        seen = [key for key in range(8) if -left <= key // 3 - query // 3 <= right]
        assert allowed[query].nonzero().flatten().tolist() == seen


def test_blocks_begin_at_the_first_real_token() -> None:
    valid = torch.arange(7).unsqueeze(0) >= 2
    allowed = lower(BlockWindow(2) & Padding(valid), Extent(1, 1, 7, 7))[0, 0]
    assert allowed[2].nonzero().flatten().tolist() == allowed[3].nonzero().flatten().tolist() == [2, 3]
    assert allowed[6].nonzero().flatten().tolist() == [6]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((0,), r"BlockWindow.block must be a count of tokens, at least 1. Got 0"),
        ((2, -1), r"BlockWindow.left must be a count of other blocks, at least 0. Got -1"),
    ],
)
def test_refuses_what_is_no_count(arguments: tuple[int, ...], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        BlockWindow(*arguments)
