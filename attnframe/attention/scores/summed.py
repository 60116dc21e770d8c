"""The contract of scores that look at the sum of a query and a key through one hidden layer."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.scores.base import PairwiseScore


class SummedScore(PairwiseScore):
    """A linear form of an activation of the sum of query and key, for each query head.

    score(q, k) = <a_h, activate(q + k)>

    Attributes:
        vector: a, (H, E).
    """

    vector: nn.Parameter

    @abstractmethod
    def activate(self, total: Tensor) -> Tensor:
        """Sums of any shape to the hidden layer, elementwise."""

    def pairwise(self, query: Tensor, key: Tensor) -> Tensor:
        # Head by head, so that the hidden layer of one is still in the processor's cache when its form is taken.
        heads = zip(query.unbind(1), key.unbind(1), self.vector, strict=True)
        return torch.stack([F.linear(self.activate(q.unsqueeze(2) + k.unsqueeze(1)), v) for q, k, v in heads], dim=1)
