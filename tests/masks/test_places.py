"""Where tokens stand in their row or document."""

from __future__ import annotations

import torch

from attnframe.masks import (
    And,
    Causal,
    Documents,
    Extent,
    Full,
    Global,
    Mask,
    Not,
    Or,
    Padding,
    Places,
    RandomBlocks,
    Window,
    lower,
    settle,
)

VALID = torch.tensor([[False, True, True, False, True, False], [True] * 6, [False] * 6])


def places(mask: Mask) -> Places:
    return Places(mask, Extent(3, 1, 6, 6))


def test_without_padding_the_row_begins_at_0() -> None:
    found = places(Causal())
    assert found.first is None
    assert found.count == 6


def test_padding_tells_the_first_and_last_real_token() -> None:
    found = places(Padding(VALID) & Causal())
    assert found.first is not None
    assert found.first.flatten()[:2].tolist() == [1, 0]
    assert torch.as_tensor(found.count).flatten().tolist() == [4, 6, 0]


def test_documents_begin_anew() -> None:
    ids = torch.tensor([[3, 3, 3, 5, 5, 3]])
    found = places(Documents(ids))
    assert found.first is not None
    assert found.first.tolist() == [[0, 0, 0, 3, 3, 5]]
    assert torch.as_tensor(found.count).tolist() == [[3, 3, 3, 2, 2, 1]]


def test_padding_inside_of_documents_is_left_out_at_their_ends() -> None:
    ids = torch.tensor([[0, 0, 0, 1, 1, 1]])
    found = places(Documents(ids) & Padding(VALID))
    assert found.first is not None
    assert found.first[0].tolist() == [1, 1, 1, 4, 4, 4]
    count = torch.as_tensor(found.count)
    assert count[0].tolist() == [2, 2, 2, 1, 1, 1]
    assert count[2].tolist() == [0] * 6


def test_a_cache_that_dropped_keys_counts_all_positions() -> None:
    extent = Extent(1, 1, 1, 3, query_start=9, key_positions=torch.tensor([8, 9, 7]))
    assert Places(Full(), extent).count == 10


def test_settle_reaches_every_part_and_leaves_the_others_alone() -> None:
    mask = Padding(VALID) & (Window(1, 1) | ~Global(1)) & Causal()
    settled = settle(mask, Extent(3, 1, 6, 6))
    assert isinstance(settled, And)
    (either,) = (member for member in settled.members if isinstance(member, Or))
    (inverse,) = (member for member in either.members if isinstance(member, Not))
    assert isinstance(inverse.inner, Global)
    assert inverse.inner.first is not None
    plain = Causal() & Padding(VALID)
    assert settle(plain, Extent(3, 1, 6, 6)) is plain


def test_queries_that_stand_before_the_first_key_see_the_global_key_of_their_document() -> None:
    """As with more queries than keys; documents give each position a first token of its own."""
    ids = Documents(torch.tensor([[0, 1, 1, 1, 1]]), torch.tensor([[0, 1]]))
    allowed = lower(ids & Global(1), Extent(1, 1, 5, 2))
    assert allowed[0, 0].tolist() == [[True, False]] + [[False, True]] * 4


def test_settled_parts_count_from_the_same_token() -> None:
    settled = settle(Padding(VALID) & (Global(1) | RandomBlocks(1, 1)), Extent(3, 1, 6, 6))
    assert isinstance(settled, And)
    either = settled.members[1]
    assert isinstance(either, Or)
    one, other = either.members
    assert isinstance(one, Global)
    assert isinstance(other, RandomBlocks)
    assert one.first is other.first
