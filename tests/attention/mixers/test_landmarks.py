"""Segments: cut as evenly as can be, also in rows of different lengths."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixers.landmarks import Segments


@pytest.mark.parametrize(("length", "count"), [(12, 4), (13, 4), (15, 4), (5, 5), (6, 5), (7, 1)])
def test_means_are_those_of_tensor_split(length: int, count: int) -> None:
    x = torch.randn(2, 3, length, 5, dtype=torch.float64)
    expected = torch.stack([part.mean(dim=2) for part in x.tensor_split(count, dim=2)], dim=2)
    torch.testing.assert_close(Segments(length, count).means(x), expected)
    lengths = torch.tensor([length, length])
    torch.testing.assert_close(Segments(length, count, lengths).means(x), expected)


def test_each_row_is_cut_by_its_own_length() -> None:
    x = torch.randn(4, 3, 9, 5, dtype=torch.float64)
    lengths = torch.tensor([9, 7, 2, 0])
    segments = Segments(9, 4, lengths)
    means = segments.means(x)
    for row, length in enumerate(lengths.tolist()):
        parts = x[row, :, :length].tensor_split(4, dim=1)
        for i, part in enumerate(parts):
            filled = part.shape[1] > 0
            assert segments.filled[row, i] == filled
            torch.testing.assert_close(means[row, :, i], part.mean(dim=1) if filled else torch.zeros_like(part.sum(1)))
