"""Pyramids of cells: their means, what a block of queries sees of them, and what they share out."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixers.pyramid import Pyramid


def _over(length: int, block: int, queries_outside: bool = False) -> Pyramid:
    return Pyramid.over(torch.ones(1, length, dtype=torch.bool), block, queries_outside)


def test_means_leave_out_what_is_not_real() -> None:
    real = torch.tensor([[True, True, False, True, True, True]])
    x = torch.tensor([1.0, 3.0, 0.0, 5.0, 7.0, 9.0]).view(1, 1, 6, 1)
    pyramid = Pyramid(real, 2, 2)
    found = pyramid.means(x).flatten().tolist()
    assert found == [1, 3, 0, 5, 7, 9, 0, 0, 2, 5, 8, 0, 3, 8]
    assert pyramid.count.flatten().tolist() == [1, 1, 0, 1, 1, 1, 0, 0, 2, 1, 2, 0, 3, 2]


@pytest.mark.parametrize(("length", "block", "levels"), [(8, 4, 0), (9, 4, 1), (16, 4, 1), (17, 4, 2), (64, 4, 3)])
def test_levels_end_where_neighbours_hold_all(length: int, block: int, levels: int) -> None:
    assert _over(length, block).levels == levels


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("length", "block"), [(37, 2), (64, 4), (50, 6)])
def test_each_key_is_in_one_cell(length: int, block: int, causal: bool) -> None:
    pyramid = _over(length, block)
    numbers = torch.arange(-(-length // block)).unsqueeze(0)
    cells, exist = pyramid.seen(numbers, causal)
    marks = torch.zeros(1, 1, numbers.shape[1], pyramid.count.shape[1])
    marks.scatter_add_(3, cells.unsqueeze(1), exist.float().unsqueeze(1))
    tokens = pyramid.spread(marks * pyramid.count)[0, 0]  # Each token of a cell that is seen gets 1.
    end = (numbers[0] + 1) * block if causal else torch.full_like(numbers[0], length)
    assert torch.equal(tokens, (torch.arange(length) < end.unsqueeze(1)).float())


def test_queries_before_the_first_token_see_all() -> None:
    pyramid = _over(37, 2, queries_outside=True)
    cells, exist = pyramid.seen(torch.tensor([[-9, -2, -1]]), causal=False)
    marks = torch.zeros(1, 1, 3, pyramid.count.shape[1])
    marks.scatter_add_(3, cells.unsqueeze(1), exist.float().unsqueeze(1))
    assert torch.equal(pyramid.spread(marks * pyramid.count)[0, 0], torch.ones(3, 37))


def test_half_precision_is_summed_in_single() -> None:
    x = torch.full((1, 1, 4096, 1), 1.01, dtype=torch.bfloat16)
    pyramid = Pyramid(torch.ones(1, 4096, dtype=torch.bool), 2, 11)
    means = pyramid.means(x)
    assert means.dtype == torch.bfloat16
    assert torch.equal(means, torch.full_like(means, x[0, 0, 0, 0].item()))
