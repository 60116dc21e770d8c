"""Metrics against sums by hand."""

import math

import pytest
import torch
from attnframe_nlp.metrics import NatsPerCharacter, Perplexity, Recalled


def test_perplexity_is_over_all_tokens_not_over_batches() -> None:
    metric = Perplexity()
    metric.update(torch.tensor([1.0, 2.0, 3.0]))
    metric.update(torch.tensor([6.0]))
    assert metric.compute().item() == pytest.approx(math.exp(12 / 4))


def test_a_uniform_guess_has_the_vocabulary_as_perplexity() -> None:
    metric = Perplexity()
    metric.update(torch.full((50,), math.log(65)))
    assert metric.compute().item() == pytest.approx(65)


def test_nats_are_divided_by_characters_not_by_tokens() -> None:
    # Token 0 stands for three characters, token 1 for one, token 2 for none (the second byte of a character).
    metric = NatsPerCharacter(torch.tensor([3, 1, 0]))
    metric.update(torch.tensor([1.5, 0.5]), torch.tensor([0, 2]))
    metric.update(torch.tensor([2.0]), torch.tensor([1]))
    assert metric.compute().item() == pytest.approx(4.0 / 4)


def test_a_reset_metric_starts_anew() -> None:
    metric = NatsPerCharacter(torch.tensor([1]))
    metric.update(torch.tensor([7.0]), torch.tensor([0]))
    metric.reset()
    metric.update(torch.tensor([2.0]), torch.tensor([0]))
    assert metric.compute().item() == pytest.approx(2.0)


def test_recalled_counts_tokens_of_more_than_half_of_the_probability() -> None:
    metric = Recalled()
    metric.update(-torch.tensor([0.9, 0.51, 0.49]).log())
    metric.update(-torch.tensor([0.1]).log())
    assert metric.compute().item() == 0.5
