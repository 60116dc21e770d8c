"""Sequences in memory: padded to the longest of a batch, with what belongs to them."""

import torch

from attnframe.plugin.data import MeasuredSplit
from attnframe.plugin.padded_split import PaddedSplit

SPLIT = PaddedSplit(
    {"tokens": [torch.tensor([5]), torch.tensor([6, 7, 8]), torch.tensor([9, 4])]}, {"labels": torch.tensor([0, 1, 2])}
)


def test_a_batch_is_as_wide_as_its_longest_sequence() -> None:
    batch = SPLIT.batch(torch.tensor([2, 0]))
    assert batch["tokens"].tolist() == [[9, 4], [5, 0]]
    assert batch["labels"].tolist() == [2, 0]
    assert SPLIT.batch(torch.tensor([1, 0]))["tokens"].shape == (2, 3)


def test_lengths_are_told_so_that_like_goes_with_like() -> None:
    assert len(SPLIT) == 3
    assert isinstance(SPLIT, MeasuredSplit)
    assert SPLIT.lengths.tolist() == [1, 3, 2]


def test_sequences_of_vectors_keep_their_width() -> None:
    split = PaddedSplit({"frames": [torch.ones(2, 4), torch.ones(1, 4)]})
    assert split.batch(torch.tensor([0, 1]))["frames"].sum((1, 2)).tolist() == [8, 4]


def test_a_part_is_a_split_of_some_rows() -> None:
    part = SPLIT.part([2, 1])
    assert part.lengths.tolist() == [2, 3]
    assert part.batch(torch.tensor([1, 0]))["labels"].tolist() == [1, 2]
    assert part.batch(torch.tensor([0]))["tokens"].tolist() == [[9, 4]]
