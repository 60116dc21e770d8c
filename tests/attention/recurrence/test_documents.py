"""Where packed documents begin, and which are refused."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixer import Call
from attnframe.attention.recurrence.documents import come_back, fresh_tokens
from attnframe.masks import Causal, Documents, Extent, Mask, Padding

IDS = torch.tensor([[5, 5, 2, 2, 2, 7], [1, 1, 1, 1, 1, 1]])
STARTS = [[False, False, True, False, False, True], [False] * 6]


def _call(mask: Mask, start: int = 0) -> Call:
    positions = torch.arange(start, 6) if start else None
    return Call(Causal() & mask, Extent(2, 1, 6 - start, 6 - start, start if start else None, positions))


def test_documents_begin_where_ids_change() -> None:
    fresh = fresh_tokens(_call(Documents(IDS)))
    assert fresh is not None
    assert fresh[:, 0, :, 0].tolist() == STARTS


@pytest.mark.parametrize("start", [1, 2, 5])
def test_a_step_knows_the_token_before_it(start: int) -> None:
    fresh = fresh_tokens(_call(Documents(IDS), start))
    assert fresh is not None
    assert fresh[:, 0, :, 0].tolist() == [row[start:] for row in STARTS]


def test_padding_within_a_document_begins_none() -> None:
    ids = torch.tensor([[5, 0, 5, 2, 0, 2]])
    call = _call(Documents(ids) & Padding(ids > 0))
    fresh = fresh_tokens(call)
    assert fresh is not None
    assert fresh[0, 0, :, 0].tolist() == [False, False, False, True, False, False]
    assert not come_back(call)
    assert come_back(_call(Documents(ids)))


@pytest.mark.parametrize(("rows", "padded"), [(2, 1), (1, 2), (2, 2)])
def test_padding_or_documents_may_be_the_same_for_all_rows(rows: int, padded: int) -> None:
    valid = torch.ones(padded, 6, dtype=torch.bool).index_fill(1, torch.tensor([2]), False)
    fresh = fresh_tokens(_call(Documents(IDS[:rows]) & Padding(valid)))
    assert fresh is not None
    assert fresh.expand(2, -1, -1, -1)[0, 0, :, 0].tolist() == [False, False, False, True, False, True]


def test_two_masks_of_documents_cut_at_both() -> None:
    other = torch.tensor([[0, 1, 1, 1, 1, 1]])
    fresh = fresh_tokens(_call(Documents(IDS) & Documents(other)))
    assert fresh is not None
    assert fresh[0, 0, :, 0].tolist() == [False, True, True, False, False, True]


def test_one_document_has_no_beginnings() -> None:
    assert fresh_tokens(_call(Padding(torch.ones(2, 6, dtype=torch.bool)))) is None
    assert fresh_tokens(_call(Documents(torch.tensor([[3]])))) is None


def test_a_document_that_comes_back_is_seen_in_any_row() -> None:
    assert not come_back(_call(Documents(IDS)))
    assert come_back(_call(Documents(IDS.flip(0).masked_fill(torch.arange(6) == 3, 9))))


def test_padding_and_documents_may_be_shared_by_all_sequences() -> None:
    valid = torch.tensor([[True, True, False, True, True, True]])
    several = fresh_tokens(_call(Documents(IDS) & Padding(valid)))
    assert several is not None
    assert several[:, 0, :, 0].tolist() == [[False, False, False, True, False, True], [False] * 6]
    shared = fresh_tokens(_call(Documents(IDS[:1]) & Padding(valid.expand(2, -1))))
    assert shared is not None
    assert shared[:, 0, :, 0].tolist() == [[False, False, False, True, False, True]] * 2
