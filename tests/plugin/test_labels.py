"""Labelled examples that bring no parts of their own."""

import pytest

from attnframe.errors import DataError
from attnframe.plugin.labels import Labels

NAMES = ["b"] * 20 + ["a"] * 10
FRACTIONS = (0.8, 0.1, 0.1)


def test_classes_are_sorted_and_each_is_split_alike() -> None:
    labels = Labels(NAMES, FRACTIONS)
    assert labels.classes == ["a", "b"]
    assert labels.indices.tolist() == [1] * 20 + [0] * 10
    assert [len(part) for part in labels.parts] == [24, 3, 3]
    assert sorted(row for part in labels.parts for row in part.tolist()) == list(range(30))
    assert [labels.indices[part].tolist() for part in labels.parts[1:]] == [[1, 1, 0]] * 2


def test_a_checkpoint_gives_the_order_of_classes() -> None:
    assert Labels(NAMES, FRACTIONS, known=["b", "c", "a"]).indices.tolist() == [0] * 20 + [2] * 10


def test_the_floor_answers_the_most_frequent_class() -> None:
    assert Labels(NAMES, FRACTIONS).floor() == {"name": "most frequent class", "test/accuracy": pytest.approx(2 / 3)}


def test_what_cannot_be_learnt_from_is_refused() -> None:
    with pytest.raises(DataError, match=r"must be among those of the checkpoint \(a, c\). Got b."):
        Labels(NAMES, FRACTIONS, known=["a", "c"])
    with pytest.raises(DataError, match=r"must be at least two. Got b."):
        Labels(["b", "b"], FRACTIONS)
    with pytest.raises(DataError, match=r"The test part must hold examples. Got none. Give more examples"):
        Labels(NAMES, (0.9, 0.1, 0.0))
