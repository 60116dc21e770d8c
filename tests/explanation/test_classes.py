"""Answers that are one of several classes."""

import torch

from attnframe.explanation.classes import class_answer, log_share


def test_the_log_share_of_a_class() -> None:
    logits = torch.tensor([[0.25, 0.5, 0.25], [0.1, 0.8, 0.1]]).log() + 3
    torch.testing.assert_close(log_share(logits, 1), torch.tensor([0.5, 0.8]).log())


def test_the_answer_names_the_class_that_comes_next() -> None:
    record = {"label": "cat", "probabilities": {"ant": 0.1, "cat": 0.7, "dog": 0.2}}
    assert class_answer(record) == "The model says cat (70.0%), then dog (20.0%)."
    assert class_answer({"label": "cat", "probabilities": {"cat": 1.0}}) == "The model says cat (100.0%)."
