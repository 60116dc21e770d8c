"""Reversible normalisation of windows."""

from __future__ import annotations

import torch
from torch import Tensor

EPS = 1e-5
"""Added to the variance, so that a channel that stands still can be divided."""


def statistics(past: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation (B, C, 1) of each channel of a lookback (B, C, L): what reversible instance normalisation
    takes out before a network and puts back behind it (RevIN, Kim et al. 2022,
    https://openreview.net/forum?id=cGDAkQo1C0p), without the paper's learned scale.
    """
    variance, mean = torch.var_mean(past, -1, correction=0, keepdim=True)
    return mean, (variance + EPS).sqrt()
