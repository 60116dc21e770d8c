"""The learning rate as a function of the share of the budget that is used up."""

from __future__ import annotations

import math

from attnframe.recipes.optim import OptimRecipe

PLATEAU_FACTOR = 0.1


def rate_factor(optim: OptimRecipe, share: float, plateaus: int = 0) -> float:
    """Learning rate over its peak, in [0, 1].

    With s = share, w = optim.warmup, m = optim.min_lr_ratio and x = (s - w) / (1 - w), the share after the warm-up:

    - warm-up (s < w): s / w
    - cosine: m + (1 - m) (1 + cos(pi x)) / 2
    - linear: 1 - (1 - m) x
    - inverse_sqrt: sqrt(w / s)
    - plateau: max(m, 0.1^plateaus)
    - constant: 1

    Args:
        optim: schedule, warmup and min_lr_ratio.
        share: share of the budget used up, in [0, 1], at the middle of the step, so that neither the first nor the
            last step is lost.
        plateaus: how often the monitored metric has stalled.
    """
    warmup, low = optim.warmup, optim.min_lr_ratio
    if share < warmup:
        return share / warmup
    after = (share - warmup) / (1 - warmup) if warmup < 1 else 1.0
    if optim.schedule == "cosine":
        return low + (1 - low) * (1 + math.cos(math.pi * after)) / 2
    if optim.schedule == "linear":
        return 1 - (1 - low) * after
    if optim.schedule == "inverse_sqrt":
        return math.sqrt(warmup / share)
    if optim.schedule == "plateau":
        return max(low, PLATEAU_FACTOR**plateaus)
    return 1.0
