"""Padding goes to the end and comes back."""

from __future__ import annotations

import torch

from attnframe.attention.mixer import Call
from attnframe.attention.mixers.real_first import real_first
from attnframe.masks import Extent, Full, Padding


def test_real_tokens_come_first_in_their_order_and_go_back() -> None:
    valid = torch.tensor([[False, True, False, True], [True, True, True, True], [False, False, False, False]])
    moved = real_first(Call(Padding(valid), Extent(3, 1, 4, 4)))
    x = torch.arange(4.0).view(1, 1, 4, 1).expand(3, 2, -1, 2)
    assert moved.forth(x)[:, 0, :, 0].tolist() == [[1, 3, 0, 2], [0, 1, 2, 3], [0, 1, 2, 3]]
    assert torch.equal(moved.back(moved.forth(x)), x)
    assert moved.real is not None
    assert moved.lengths is not None
    assert moved.real.tolist() == [[True, True, False, False], [True] * 4, [False] * 4]
    assert moved.lengths.tolist() == [2, 4, 0]


def test_one_row_or_flag_of_padding_stands_for_all() -> None:
    for valid in (torch.tensor([[True]]), torch.ones(1, 3, dtype=torch.bool)):
        moved = real_first(Call(Padding(valid), Extent(2, 1, 3, 3)))
        assert moved.index is not None
        assert moved.index.tolist() == [[0, 1, 2], [0, 1, 2]]


def test_without_padding_nothing_moves() -> None:
    moved = real_first(Call(Full(), Extent(2, 1, 3, 3)))
    x = torch.randn(2, 1, 3, 4)
    assert moved.forth(x) is x
    assert moved.back(x) is x
