"""The linear map of the features of nodes, which passes over those that are 0."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.backends.segments import edge_sums
from attnframe.attention.dropout import dropout
from attnframe.masks.neighbours import Neighbours

SPARSE = 0.1
"""Share of features that are not 0 up to which only these are looked at."""


class FeatureMap(nn.Module):
    """Dropout and a linear map: y = dropout(x) W + b.

    Words of a paper are few among many, so where at most a tenth of x is not 0, y is a sum over the edges of a graph
    from features to the nodes that have them, weighed by x; these edges are found and sorted once for a graph, both
    ways.

    Args:
        features: F. dim: width D.
        dropout: probability of dropping a feature of a node in training, in [0, 1].

    Shapes: (N, F) to (N, D).
    """

    def __init__(self, features: int, dim: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = dropout
        self.weight = nn.Parameter(torch.empty(features, dim))
        self.bias = nn.Parameter(torch.zeros(dim))
        nn.init.xavier_uniform_(self.weight)
        self._found: tuple[Tensor, tuple[Neighbours, Tensor] | None] | None = None

    def forward(self, features: Tensor) -> Tensor:
        few = self._few(features)
        if few is None:
            return dropout(features, self.dropout, self.training) @ self.weight + self.bias
        edges, values = few
        kept = dropout(values, self.dropout, self.training).to(self.weight.dtype)
        return edge_sums(kept.view(1, 1, -1), self.weight[None, None], edges)[0, 0] + self.bias

    def _few(self, features: Tensor) -> tuple[Neighbours, Tensor] | None:
        """Of features that are mostly 0, those that are not: who has which, and their values."""
        if features.is_meta:
            return None
        if self._found is None or self._found[0] is not features:
            node, which = features.nonzero(as_tuple=True)
            few = None
            if len(which) <= SPARSE * features.numel():
                few = Neighbours.sort(node, which, *features.shape), features[node, which]
            self._found = features, few
        return self._found[1]
