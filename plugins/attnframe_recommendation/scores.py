"""From scores of all items to the rank of the true one, the same for models and floors."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from attnframe_recommendation.ranking import ranks


def masked(scores: Tensor, seen: Tensor) -> Tensor:
    """Scores (B, V + 1) in which padding and the items `seen` (B, S) can no longer be chosen."""
    scores = scores.scatter(1, seen, -torch.inf)
    scores[:, 0] = -torch.inf
    return scores


def places(scores: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    """Ranks (B,) of the true items of a batch of `Evaluated`.

    An item that is taken again is ranked as it is; what else was seen is masked.

    Args:
        scores: (B, V + 1) of all items, the column of padding 0.
        batch: with ``targets``, and ``candidates`` or ``seen``.
    """
    targets = batch["targets"].unsqueeze(1)
    if "candidates" in batch:
        candidates = batch["candidates"]
        chosen = scores.gather(1, candidates).masked_fill(candidates == 0, -torch.inf)
        return ranks(chosen, torch.zeros_like(batch["targets"]))
    true = scores.gather(1, targets)
    return ranks(masked(scores, batch["seen"]).scatter(1, targets, true), batch["targets"])
