"""What a mask says of the keys that neighbouring queries reach covers all that it allows."""

from __future__ import annotations

import pytest
import torch

from attnframe.masks import Causal, Dilated, Documents, Full, Global, Mask, Padding, Window, settle
from attnframe.masks.base import Extent
from attnframe.masks.block_window import BlockWindow
from attnframe.masks.reach import NOWHERE, Ends, Grid, Span, Tiles, joined

TILES = Tiles(Grid(4), torch.tensor([[0, 4, 8]]), 12, heads=(0,))


@pytest.mark.parametrize("mask", [Full(), Causal(), Window(None, 0), Window(2, None), ~Window(1, 1)], ids=repr)
def test_masks_that_may_show_all_have_none(mask: Mask) -> None:
    assert mask.reach() is None


def test_causality_bounds_what_is_open_on_the_right() -> None:
    assert (Causal() & Window(3, None)).reach() == Span(3, 0)
    assert (Causal() & Dilated(3, 3, 2)).reach() == Span(3, 0, 2)
    assert (Causal() & Global(2)).reach() == Ends(2, 0, causal=True)


def test_last_tokens_see_the_whole_past_under_causality_too() -> None:
    reach = (Causal() & (Window(1, 1) | Global(1, 2))).reach()
    assert reach is not None
    assert (reach.first_rows, reach.last_rows) == (0, 2)


def test_the_narrowest_part_of_a_conjunction_counts() -> None:
    assert (Window(50, 50) & Dilated(2, 1, 3) & Padding(torch.ones(1, 6, dtype=torch.bool))).reach() == Span(2, 1, 3)


def test_documents_leave_parts_that_count_from_their_beginning_without_one() -> None:
    mask = Global(1) & Documents(torch.tensor([[0, 0, 1]]))
    assert mask.reach() is not None
    assert settle(mask, Extent(1, 1, 3, 3)).reach() is None


def test_a_span_covers_the_windows_of_its_tile() -> None:
    assert Span(2, 1).keys(TILES)[0, 1, 0].tolist() == [2, 3, 4, 5, 6, 7, 8]
    spread = Tiles(Grid(2, stride=3), torch.tensor([[1]]), 12, heads=(0,))
    assert Span(1, 0, 3).keys(spread)[0, 0, 0].tolist() == [-2, 1, 4]


def test_first_and_last_tokens_are_told_once() -> None:
    assert Ends(2, 1, causal=False).keys(TILES)[0, 0, 0].tolist() == [0, 1, 11]
    short = Tiles(Grid(4), torch.tensor([[0]]), torch.tensor([[2]]), heads=(0,))
    assert Ends(2, 2, causal=False).keys(short)[0, 0, 0].tolist() == [0, 1, NOWHERE, NOWHERE]


def test_a_union_names_each_key_once() -> None:
    union = joined([Span(2, 0), Ends(3, 0, causal=False)])
    assert union is not None
    keys = union.keys(TILES)[0, 1, 0]
    assert sorted(key for key in keys.tolist() if key != NOWHERE) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert union.width(TILES.grid) == len(keys)
    assert union.first_rows == 3


def test_a_union_needs_tiles_in_common() -> None:
    assert joined([Span(2, 0), None]) is None
    assert joined([Span(2, 0), Span(2, 0, 2)]) is None
    assert joined([BlockWindow(2).reach(), BlockWindow(3).reach()]) is None
    common = joined([Span(200, 0), BlockWindow(16).reach()])
    assert common is not None
    assert common.cut == Grid(16, aligned=True)
