"""Batches of pairs: padding, lengths and references."""

from __future__ import annotations

import torch
from attnframe_nlp.sentence_pairs.split import PairSplit
from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, PAD

from attnframe.plugin.data import MeasuredSplit

SOURCE, TARGET = [[7, 8, 9], [5], [6, 6]], [[4], [4, 5, 6], [9, 8]]


def test_batches_are_padded_behind() -> None:
    batch = PairSplit(SOURCE, TARGET, ["a", "b", "c"]).batch(torch.tensor([2, 0]))
    assert batch["source"].tolist() == [[6, 6, END, PAD], [7, 8, 9, END]]
    assert batch["target"].tolist() == [[BEGIN, 9, 8, END], [BEGIN, 4, END, PAD]]
    assert batch["references"] == ["c", "a"]


def test_no_more_is_padded_than_a_batch_needs() -> None:
    split = PairSplit(SOURCE, TARGET)
    assert split.batch(torch.tensor([1]))["source"].tolist() == [[5, END]]
    assert "references" not in split.batch(torch.tensor([1]))


def test_pairs_have_lengths_by_the_longer_of_both() -> None:
    split = PairSplit(SOURCE, TARGET)
    assert isinstance(split, MeasuredSplit)
    assert split.lengths.argsort().tolist() == [0, 2, 1]
    assert PairSplit([[1, 1], [1]], [[1], [1]]).lengths.argsort().tolist() == [1, 0]
