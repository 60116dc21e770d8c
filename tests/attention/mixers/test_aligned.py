"""Keys by place: where rows begin, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import CoarseToFineMixer
from attnframe.attention.mixers.aligned import Aligned, check_blocks
from attnframe.errors import UnsupportedError
from attnframe.masks import Causal, Documents, Extent, Padding, Window

VALID = torch.tensor([[False, False, True, False, True], [True, True, True, False, False], [False] * 5])


def test_rows_begin_with_their_first_real_token() -> None:
    keys = Aligned.of(Call(Causal() & Padding(VALID), Extent(3, 2, 2, 5)))
    assert keys.first is not None
    assert keys.first.flatten().tolist() == [2, 0, 0]
    expected = [[1, 0, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 0, 0]]
    assert keys.real.long().tolist() == expected
    x = torch.arange(1.0, 6.0).expand(3, 1, 5).unsqueeze(-1)
    assert keys.forth(x)[..., 0, :, 0].tolist() == [[3, 0, 5, 0, 0], [1, 2, 3, 0, 0], [0] * 5]
    assert keys.queries(range(2)).tolist() == [[1, 2], [3, 4], [3, 4]]


def test_weights_go_back_to_positions() -> None:
    keys = Aligned.of(Call(Padding(VALID), Extent(3, 1, 5, 5)))
    by_place = torch.tensor([10.0, 20.0, 30.0, 40.0, 50.0]).expand(3, 1, 1, 5)
    assert keys.back(by_place)[:, 0, 0].tolist() == [[0, 0, 10, 20, 30], [10, 20, 30, 40, 50], [10, 20, 30, 40, 50]]


def test_rows_that_are_real_or_not_as_a_whole() -> None:
    keys = Aligned.of(Call(Padding(torch.tensor([[True], [False]])), Extent(2, 1, 3, 3)))
    assert keys.first is None
    assert keys.forth(torch.ones(2, 1, 3, 1)).flatten().tolist() == [1, 1, 1, 0, 0, 0]


def test_without_padding_nothing_moves() -> None:
    keys = Aligned.of(Call(Causal(), Extent(2, 1, 3, 5)))
    x = torch.randn(2, 1, 5, 4)
    assert keys.forth(x) is x
    assert keys.queries(range(1, 3)).tolist() == [[3, 4]]


@pytest.mark.parametrize(
    ("mask", "cross", "error"),
    [
        (Window(1, 1), False, "sees blocks of keys as wholes, so it serves no Window mask"),
        (Documents(torch.zeros(2, 5).long()), False, "serves no Documents mask"),
        (Causal(), True, "has no meaning between two sequences"),
    ],
)
def test_other_calls_are_refused(make: Callable[..., Any], mask: Any, cross: bool, error: str) -> None:
    _, _, _, call = make(5, mask=mask, cross=cross)
    with pytest.raises(UnsupportedError, match=error) as caught:
        check_blocks(CoarseToFineMixer(2), call, "Use attention=mha.")
    assert caught.value.faults[0].works == "Use attention=mha."
