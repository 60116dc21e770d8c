"""Tokens of numbers."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class NumberTokens(nn.Module):
    r"""A token for each of F numbers: the feature tokeniser of FT-Transformer (Gorishniy et al. 2021,
    https://arxiv.org/abs/2106.11959).

    .. math:: t_f = x_f w_f + b_f

    Args:
        count: F. dim: width D.
    """

    def __init__(self, count: int, dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(count, dim).uniform_(-1, 1) * dim**-0.5)
        self.bias = nn.Parameter(torch.empty(count, dim).uniform_(-1, 1) * dim**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """(B, F, D) of numbers (B, F)."""
        return torch.addcmul(self.bias, x.unsqueeze(2), self.weight)
