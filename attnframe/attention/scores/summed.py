"""The contract of scores that look at the sum of a query and a key through one hidden layer."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor, nn

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
        hidden = self.activate(query.unsqueeze(3) + key.unsqueeze(2))  # (B, H, t, S, E)
        return (hidden * self.vector[:, None, None]).sum(-1)  # As a product of matrices it takes longer.
