"""Cutting into chunks and joining them again."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.recurrence.chunks import Chunks, added


@pytest.mark.parametrize(("length", "size", "count"), [(1, 4, 1), (8, 4, 2), (9, 4, 3), (3, 64, 1), (5, 1, 5)])
def test_joining_is_the_inverse_of_stacking(length: int, size: int, count: int) -> None:
    chunks = Chunks.of(length, size)
    x = torch.arange(2 * 3 * length * 2, dtype=torch.float32).view(2, length, 3, 2).transpose(1, 2)
    stacked = chunks.stack(x)
    assert stacked.shape == (count, 2, 3, min(length, size), 2)
    assert stacked.is_contiguous()
    assert torch.equal(chunks.join(stacked), x)
    assert torch.equal(stacked[0, :, :, 0], x[:, :, 0])


def test_the_last_chunk_is_filled_up_with_zeros() -> None:
    stacked = Chunks.of(5, 4).stack(torch.ones(1, 1, 5, 1))
    assert stacked.flatten().tolist() == [1, 1, 1, 1, 1, 0, 0, 0]


def test_joined_heads_stand_side_by_side_in_memory() -> None:
    joined = Chunks.of(8, 4).join(torch.randn(2, 3, 2, 4, 5))
    assert joined.transpose(1, 2).is_contiguous()


def test_one_chunk_holds_all_by_default() -> None:
    assert Chunks.of(7) == Chunks(7, 7)
    assert Chunks.of(0).count == 1


def test_added_is_a_sum_and_a_product() -> None:
    x, left, right = torch.randn(2, 1, 3, 4, 5), torch.randn(2, 1, 3, 4, 6), torch.randn(2, 1, 3, 6, 5)
    torch.testing.assert_close(added(x, left, right), x + left @ right)
