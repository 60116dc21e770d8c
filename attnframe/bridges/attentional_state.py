"""The attentional state: what was attended, joined with the state that asked."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AttentionalState(nn.Module):
    r"""Attentional hidden state (Luong, Pham and Manning 2015, https://arxiv.org/abs/1508.04025, equation 5).

    .. math:: \tilde{h}_t = \tanh(W_c [c_t, h_t])

    Args:
        dim: width D of both.

    Shapes: attended c (B, T, D) and states h (B, T, D) to (B, T, D).
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.combine = nn.Linear(2 * dim, dim, bias=False)

    def forward(self, attended: Tensor, states: Tensor) -> Tensor:
        return torch.tanh(self.combine(torch.cat([attended, states], dim=-1)))
