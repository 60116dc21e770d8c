"""How widely a query spreads its attention."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.interpretation.shares import shares


def entropy(weights: Tensor) -> Tensor:
    """The entropy of each query's weights, in nats: 0 for one key alone, log n for n keys alike.

    H_i = - sum_j p_ij log p_ij,  p_ij = w_ij / sum_j w_ij

    A query that may see no key has entropy 0. Half precision is summed in float32.

    Args:
        weights: (..., S) weights of at least 0; rows that do not sum to one (`Sigmoid`) are divided by their sum.

    Returns:
        (...), float32 at least.

    Raises:
        UnsupportedError: when a weight is negative, as in differential attention.
    """
    share = shares(weights, "entropy")
    return -torch.xlogy(share, share).sum(dim=-1)
