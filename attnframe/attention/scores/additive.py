"""The additive score."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.scores.base import PairwiseScore


class Additive(PairwiseScore):
    """One hidden tanh layer over query and key, with weights of its own for each query head (Bahdanau, Cho and Bengio
    2015, https://arxiv.org/abs/1409.0473).

    score(q, k) = v_h^T tanh(W_h q + U_h k)

    Args:
        num_heads: query heads H.
        head_dim: head width E.
        hidden_dim: hidden width A; None for `head_dim`.
    """

    def __init__(self, num_heads: int, head_dim: int, hidden_dim: int | None = None) -> None:
        super().__init__()
        hidden = head_dim if hidden_dim is None else hidden_dim
        self.pair_width = hidden
        self.query_weight = nn.Parameter(torch.empty(num_heads, head_dim, hidden))  # W, (H, E, A)
        self.key_weight = nn.Parameter(torch.empty(num_heads, head_dim, hidden))  # U, (H, E, A)
        self.vector = nn.Parameter(torch.empty(num_heads, hidden))  # v, (H, A)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights uniformly with variance 1 / fan-in."""
        head_dim, hidden = self.query_weight.shape[1:]
        for parameter, fan_in in ((self.query_weight, head_dim), (self.key_weight, head_dim), (self.vector, hidden)):
            nn.init.uniform_(parameter, -((3 / fan_in) ** 0.5), (3 / fan_in) ** 0.5)

    def pairwise(self, query: Tensor, key: Tensor) -> Tensor:
        hidden_query = torch.matmul(query, self.query_weight).unsqueeze(3)  # (B, H, t, 1, A)
        hidden_key = torch.matmul(key, self.key_weight).unsqueeze(2)  # (B, H, 1, S, A)
        vector = self.vector.view(self.vector.shape[0], 1, -1, 1)  # (H, 1, A, 1)
        return torch.matmul(torch.tanh(hidden_query + hidden_key), vector).squeeze(-1)  # (B, H, t, S)
