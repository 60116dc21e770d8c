from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.masks import Causal, Extent, Window, lower

SIZES = [(None, None), (None, 2), (2, None), (0, 0), (3, 0), (0, 3), (4, 4), (2, 1)]


@pytest.mark.parametrize(("left", "right"), SIZES)
@pytest.mark.parametrize(("queries", "keys"), [(6, 6), (2, 6), (1, 6)])
def test_counts_other_tokens_on_each_side(left: int | None, right: int | None, queries: int, keys: int) -> None:
    allowed = lower(Window(left, right), Extent(1, 1, queries, keys))[0, 0]
    for row in range(queries):
        own = row + keys - queries
        first = 0 if left is None else max(0, own - left)
        last = keys - 1 if right is None else min(keys - 1, own + right)
        assert allowed[row].nonzero().flatten().tolist() == list(range(first, last + 1))


def test_a_window_of_four_and_four_sees_nine_keys() -> None:
    assert lower(Window(4, 4), Extent(1, 1, 20, 20))[0, 0, 10].sum() == 9
    assert lower(Window(4, 0), Extent(1, 1, 20, 20))[0, 0, 10].sum() == 5


def test_causal_cuts_the_right_side() -> None:
    extent = Extent(1, 1, 9, 9)
    assert torch.equal(lower(Window(3, 3) & Causal(), extent), lower(Window(3, 0), extent))


def test_ring_cached_keys_are_told_by_position() -> None:
    ring = Extent(1, 1, 1, 4, query_start=9, key_positions=torch.tensor([8, 9, 6, 7]))
    assert lower(Window(2, 0), ring)[0, 0, 0].tolist() == [True, True, False, True]


def test_never_hides_all() -> None:
    assert not Window(0, 0).may_hide_all(Extent(1, 1, 3, 5))


@pytest.mark.parametrize(("left", "right"), [(-1, 0), (0, -2), (1.5, 0), (True, 0)])
def test_refuses_what_is_no_count(left: int, right: int) -> None:
    with pytest.raises(ConfigurationError, match=r"Window\.(left|right) must be a count of other tokens, at least 0"):
        Window(left, right)


def test_tells_both_faults_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Window(-1, -2)
    assert len(caught.value.faults) == 2
