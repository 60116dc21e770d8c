"""The score of dynamic graph attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.scores.summed import SummedScore


class DynamicGraphAttentionScore(SummedScore):
    """A linear form of the rectified sum of query and key, for each query head (GATv2: Brody, Alon and Yahav 2022,
    https://arxiv.org/abs/2105.14491).

    score(q, k) = <a_h, LeakyReLU(q + k)>

    Any query can rank the keys its own way ("dynamic" attention), as the one of GAT cannot.

    Args:
        num_heads: query heads H.
        head_dim: head width E.
        negative_slope: slope of LeakyReLU below 0.
    """

    def __init__(self, num_heads: int, head_dim: int, negative_slope: float = 0.2) -> None:
        super().__init__()
        self.negative_slope, self.pair_width = negative_slope, head_dim
        self.vector = nn.Parameter(torch.empty(num_heads, head_dim))  # a, (H, E)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the vector uniformly with variance 2 / (E + 1), as for a map from E features to one number."""
        bound = (6 / (self.vector.shape[1] + 1)) ** 0.5
        nn.init.uniform_(self.vector, -bound, bound)

    def activate(self, total: Tensor) -> Tensor:
        return F.leaky_relu(total, self.negative_slope)
