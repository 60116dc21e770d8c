"""The bilinear score."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.scores.base import DotScore


class Bilinear(DotScore):
    """Bilinear form with one matrix for each query head (Luong, Pham and Manning 2015,
    https://arxiv.org/abs/1508.04025, "general").

    score(q, k) = q^T W_h k

    W_h starts at I / sqrt(E), so training starts from the scaled dot product.

    Args:
        num_heads: query heads H.
        head_dim: head width E.
    """

    scale = 1.0

    def __init__(self, num_heads: int, head_dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_heads, head_dim, head_dim))  # (H, E, E)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set every W_h to I / sqrt(E)."""
        head_dim = self.weight.shape[-1]
        with torch.no_grad():
            self.weight.copy_(torch.eye(head_dim) * head_dim**-0.5)

    def map_query(self, query: Tensor) -> Tensor:
        return torch.matmul(query, self.weight)

    def map_key(self, key: Tensor) -> Tensor:
        return key
