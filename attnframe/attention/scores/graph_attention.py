"""The score of graph attention networks."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.scores.separable import SeparableScore


class GraphAttentionScore(SeparableScore):
    """One linear form for the query and one for the key, for each query head (Velickovic et al. 2018, https://arxiv.org/abs/1710.10903).

    score(q, k) = LeakyReLU(<a_h, q> + <b_h, k>)

    The paper writes a_h and b_h as the halves of one vector, and q and k as the same projection of two nodes. Since the
    activation is monotone, all queries of a head rank the keys alike ("static" attention).

    Args:
        num_heads: query heads H.
        head_dim: head width E.
        negative_slope: slope of LeakyReLU below 0.
    """

    def __init__(self, num_heads: int, head_dim: int, negative_slope: float = 0.2) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.query_vector = nn.Parameter(torch.empty(num_heads, head_dim))  # a, (H, E)
        self.key_vector = nn.Parameter(torch.empty(num_heads, head_dim))  # b, (H, E)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw both vectors uniformly with variance 2 / (E + 1), as for a map from E features to one number."""
        bound = (6 / (self.query_vector.shape[1] + 1)) ** 0.5
        for vector in (self.query_vector, self.key_vector):
            nn.init.uniform_(vector, -bound, bound)

    def numbers(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        if query is key:  # One product for both, where one projection gives both.
            of_query, of_key = _forms(key, torch.stack([self.query_vector, self.key_vector])).unbind(1)
            return of_query, of_key
        return _forms(query, self.query_vector[None])[:, 0], _forms(key, self.key_vector[None])[:, 0]

    def activate(self, total: Tensor) -> Tensor:
        return F.leaky_relu(total, self.negative_slope)


def _forms(x: Tensor, vectors: Tensor) -> Tensor:
    """<vector_f,h, x_g> (B, F, H, T) of x (B, K, T, E) and vectors (F, H, E), with g = h // (H / K)."""
    forms, heads, _ = vectors.shape
    groups = x.shape[1]
    # The features of all heads lie side by side, so this is one product with a matrix (F * H, K * E) of blocks.
    own = torch.eye(groups, dtype=x.dtype, device=x.device).repeat_interleave(heads // groups, dim=0)  # (H, K)
    matrix = (own.unsqueeze(-1) * vectors.unsqueeze(2)).flatten(2).flatten(0, 1)
    found = F.linear(x.transpose(1, 2).flatten(2), matrix)  # (B, T, F * H)
    return found.transpose(1, 2).view(len(x), forms, heads, -1)
