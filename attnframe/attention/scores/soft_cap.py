"""The soft cap."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.scores.base import Score
from attnframe.errors import ConfigurationError, Fault


class SoftCap(Score):
    """Keeps the scores of another score between -cap and cap (Bello et al. 2017; Gemma Team 2024, https://arxiv.org/abs/2408.00118).

    score(q, k) = cap * tanh(inner(q, k) / cap)

    A position bias is added after the cap. It is no dot product, whatever `inner` is.

    Args:
        inner: the score that is capped.
        cap: the bound, above 0; Gemma 2 takes 50.

    Raises:
        ConfigurationError: when `cap` is not above 0.
    """

    def __init__(self, inner: Score, cap: float) -> None:
        super().__init__()
        if not cap > 0:
            raise ConfigurationError(Fault("cap (SoftCap)", "must be above 0", repr(cap)))
        self.inner, self.cap, self.scale = inner, cap, inner.scale
        self.pair_width = inner.pair_width

    def map_query(self, query: Tensor) -> Tensor:
        return self.inner.map_query(query)

    def map_key(self, key: Tensor) -> Tensor:
        return self.inner.map_key(key)

    def compare(self, query: Tensor, key: Tensor) -> Tensor:
        return torch.tanh(self.inner.compare(query, key) / self.cap) * self.cap

    def extra_repr(self) -> str:
        return f"cap={self.cap}"
