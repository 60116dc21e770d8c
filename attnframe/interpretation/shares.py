"""Weights as shares of what a query sees."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.errors import Fault, UnsupportedError


def shares(weights: Tensor, what: str) -> Tensor:
    """Weights (..., S) over their sums, in float32 at least; rows of zeros stay.

    Args:
        weights: weights of at least 0.
        what: who asks, for the error.

    Raises:
        UnsupportedError: when a weight is negative.
    """
    wide = weights.float() if weights.dtype in (torch.float16, torch.bfloat16) else weights
    if wide.numel() and wide.amin() < 0:
        works = "Use capture without a measure, or head_importance, which ask nothing of the sign."
        raise UnsupportedError(Fault(f"weights ({what})", "must be at least 0", f"{wide.amin().item():.3g}", works))
    total = wide.sum(dim=-1, keepdim=True)
    return wide / torch.where(total > 0, total, 1.0)
