"""What exhibits keep of a test pass."""

from __future__ import annotations

import torch

from attnframe.plugin.exhibit import FirstExamples, SurestMistakes


def test_the_first_examples_are_of_the_first_batch() -> None:
    first = FirstExamples(2)
    assert first.kept is None
    first.update({"x": torch.arange(3)}, torch.arange(3) + 10)
    first.update({"x": torch.arange(3) + 5}, torch.arange(3))
    assert first.kept is not None
    batch, outputs = first.kept
    assert batch["x"].tolist() == [0, 1]
    assert outputs.tolist() == [10, 11]


def test_the_surest_wrong_answers_of_all_batches_are_kept_in_order() -> None:
    surest = SurestMistakes(2)
    shares = torch.tensor([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]).log()
    surest.update(torch.tensor([1, 2, 3]), torch.tensor([1, 1, 1]), shares)
    assert [(one.example.item(), one.true, one.answer) for one in surest.kept] == [(1, 1, 0), (2, 1, 0)]
    surest.update(torch.tensor([4]), torch.tensor([1]), torch.tensor([[0.7, 0.3]]).log())
    assert [one.example.item() for one in surest.kept] == [1, 4]
    assert [round(one.share, 4) for one in surest.kept] == [0.9, 0.7]
