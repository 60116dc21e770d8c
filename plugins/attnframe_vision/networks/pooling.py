"""Poolings: what makes one vector of the encoder's tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal

import torch
from torch import Tensor, nn


class Pooling(nn.Module, ABC):
    """Base of the poolings."""

    extra_tokens: int = 0
    """Tokens that `prepare` adds in front."""

    def prepare(self, tokens: Tensor) -> Tensor:
        """Tokens (B, T, D) as the encoder takes them, (B, extra_tokens + T, D)."""
        return tokens

    @abstractmethod
    def forward(self, tokens: Tensor) -> Tensor:
        """The encoder's output (B, extra_tokens + T, D) to (B, D)."""

    @abstractmethod
    def weights(self, tokens: Tensor) -> Tensor:
        """The weights (B, extra_tokens + T) that `forward` pools with."""


class MeanPooling(Pooling):
    """The mean of the tokens."""

    def forward(self, tokens: Tensor) -> Tensor:
        return tokens.mean(1)

    def weights(self, tokens: Tensor) -> Tensor:
        return tokens.new_full(tokens.shape[:2], 1 / tokens.shape[1])


class ClassToken(Pooling):
    """A learned token in front that gathers the others (BERT, Devlin et al. 2019; ViT).

    Args:
        dim: token width D.
    """

    extra_tokens = 1

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.empty(1, 1, dim))
        nn.init.normal_(self.token, std=0.02)

    def prepare(self, tokens: Tensor) -> Tensor:
        return torch.cat([self.token.to(tokens.dtype).expand(len(tokens), -1, -1), tokens], 1)

    def forward(self, tokens: Tensor) -> Tensor:
        return tokens[:, 0]

    def weights(self, tokens: Tensor) -> Tensor:
        first = tokens.new_zeros(tokens.shape[:2])
        first[:, 0] = 1.0
        return first


class AttentionPooling(Pooling):
    """The mean weighted by the softmax of a learned score: sequence pooling (CCT, Hassani et al. 2021).

    Args:
        dim: token width D.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.score = nn.Linear(dim, 1)

    def forward(self, tokens: Tensor) -> Tensor:
        pooled: Tensor = (self.weights(tokens).unsqueeze(1) @ tokens).squeeze(1)
        return pooled

    def weights(self, tokens: Tensor) -> Tensor:
        shares: Tensor = self.score(tokens).softmax(1).squeeze(2)
        return shares


def build_pooling(name: Literal["mean", "class_token", "attention"], dim: int) -> Pooling:
    """The pooling of that name, for tokens of width `dim`."""
    if name == "mean":
        return MeanPooling()
    return ClassToken(dim) if name == "class_token" else AttentionPooling(dim)
