"""Metrics of language modelling, over all tokens of a part rather than over batches."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torchmetrics import Metric


class Perplexity(Metric):
    r"""Perplexity of a token, :math:`\exp(\frac{1}{N} \sum_i -\ln p_i)`, N the number of tokens; at least 1, lower is
    better.

    Unlike torchmetrics' own it takes the losses that are already there, so the vocabulary is not run over twice.
    """

    higher_is_better = False
    full_state_update = False
    nats: Tensor
    tokens: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.add_state("nats", torch.zeros((), dtype=torch.float64), dist_reduce_fx="sum")
        self.add_state("tokens", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, nats: Tensor) -> None:
        """Count tokens.

        Args:
            nats: (N,) negative log-likelihood of each.
        """
        self.nats += nats.double().sum()
        self.tokens += nats.numel()

    def compute(self) -> Tensor:
        return (self.nats / self.tokens).exp().float()


class NatsPerCharacter(Metric):
    r"""Negative log-likelihood of a text over its characters, :math:`\frac{1}{C} \sum_i -\ln p_i`, in nats; comparable
    between tokenizers.

    Args:
        characters: (V,) characters that each token stands for.
    """

    higher_is_better = False
    full_state_update = False
    of_token: Tensor
    nats: Tensor
    characters: Tensor

    def __init__(self, characters: Tensor) -> None:
        super().__init__()
        self.register_buffer("of_token", characters, persistent=False)
        self.add_state("nats", torch.zeros((), dtype=torch.float64), dist_reduce_fx="sum")
        self.add_state("characters", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, nats: Tensor, tokens: Tensor) -> None:
        """Count tokens.

        Args:
            nats: (N,) negative log-likelihood of each.
            tokens: (N,) their ids.
        """
        self.nats += nats.double().sum()
        self.characters += self.of_token[tokens].sum()

    def compute(self) -> Tensor:
        return (self.nats / self.characters).float()


class Recalled(Metric):
    r"""Share of tokens that are given more than half of the probability, :math:`\frac{1}{N} \#\{i: p_i > 1/2\}`, from 0
    to 1; these are told right by whatever rule, so it is at most the accuracy."""

    higher_is_better = True
    full_state_update = False
    right: Tensor
    tokens: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.add_state("right", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")
        self.add_state("tokens", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, nats: Tensor) -> None:
        """Count tokens.

        Args:
            nats: (N,) negative log-likelihood of each.
        """
        self.right += (nats < math.log(2)).sum()
        self.tokens += nats.numel()

    def compute(self) -> Tensor:
        return (self.right / self.tokens).float()
