from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import BlockLayout, Extent, Padding, lower

LAYOUT = torch.rand(2, 3, 3, generator=torch.Generator().manual_seed(0)) < 0.5


def test_shows_the_blocks_of_the_table() -> None:
    allowed = lower(BlockLayout(LAYOUT, 2), Extent(1, 2, 6, 6))[0]
    assert torch.equal(allowed, LAYOUT.repeat_interleave(2, 1).repeat_interleave(2, 2))


def test_one_table_serves_all_heads_and_shorter_rows() -> None:
    allowed = lower(BlockLayout(LAYOUT[:1], 2), Extent(1, 4, 5, 5))
    assert allowed.shape[1] in (1, 4)
    assert torch.equal(allowed[0, 0], LAYOUT[0].repeat_interleave(2, 0).repeat_interleave(2, 1)[:5, :5])


def test_blocks_begin_at_the_first_real_token() -> None:
    valid = torch.arange(8).unsqueeze(0) >= 3
    mask = BlockLayout(torch.eye(4, dtype=torch.bool).unsqueeze(0), 2) & Padding(valid)
    assert lower(mask, Extent(1, 1, 8, 8))[0, 0, 4].nonzero().flatten().tolist() == [3, 4]


def test_knows_how_many_blocks_a_row_shows_and_keeps_it_when_moved() -> None:
    mask = BlockLayout(LAYOUT, 2)
    assert mask.most == LAYOUT.sum(-1).max()
    moved = mask.to("cpu")
    assert isinstance(moved, BlockLayout)
    assert moved.most == mask.most


@pytest.mark.parametrize(
    ("layout", "block", "text"),
    [
        (LAYOUT.long(), 2, r"BlockLayout.layout must be a bool tensor of shape \(H, M, M\)"),
        (LAYOUT[:, :2], 2, r"BlockLayout.layout must have as many rows as columns"),
        (LAYOUT, 0, r"BlockLayout.block must be a count of tokens, at least 1"),
    ],
)
def test_refuses_what_is_no_layout(layout: torch.Tensor, block: int, text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        BlockLayout(layout, block)


def test_a_layout_that_does_not_fit_is_refused() -> None:
    said = r"must have 3 heads, or 1.*\n.*must have at least 4 blocks of 2 tokens"
    with pytest.raises(ConfigurationError, match=said):
        lower(BlockLayout(LAYOUT, 2), Extent(1, 3, 7, 7))
