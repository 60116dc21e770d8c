"""The simple methods that every recommender is compared with: what is popular, and what followed the last item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor

from attnframe_recommendation.data.histories import Evaluated
from attnframe_recommendation.data.interactions import Interactions
from attnframe_recommendation.ranking import DiscountedGain, HitRate
from attnframe_recommendation.scores import places
from attnframe_recommendation.transitions import Transitions

BATCH: Final = 256
POPULARITY_SHARE: Final = 1e-6
"""What one taking counts beside one transition: it orders the items that never followed."""


def floors(data: Interactions, test: Evaluated) -> dict[str, Any]:
    """Test figures of last-item transitions, ties told by popularity, and under ``popularity`` of that alone.

    Counts are those of the training parts; candidates, masking and ties those of the models.
    """
    table = Transitions(data.taken, data.counts, len(data.items), calibration=True)
    place = torch.arange(len(data.taken)) - torch.from_numpy(data.starts.repeat(data.counts))
    used = torch.from_numpy(data.taken)[place < torch.from_numpy(data.trained.repeat(data.counts))]
    popular = torch.bincount(used, minlength=len(data.items) + 1).double()

    def by_transitions(batch: dict[str, Tensor]) -> Tensor:
        counts: Tensor = table(last_items(batch))
        return counts.double() + POPULARITY_SHARE * popular

    def by_popularity(batch: dict[str, Tensor]) -> Tensor:
        return popular.expand(len(batch["targets"]), -1)

    return {
        "name": "last-item transitions",
        **figures(test, by_transitions),
        "popularity": figures(test, by_popularity),
    }


def figures(test: Evaluated, scores: Callable[[dict[str, Tensor]], Tensor]) -> dict[str, float]:
    """``test/hr@10`` and ``test/ndcg@10`` of a method.

    Args:
        test: whom to recommend to.
        scores: (B, V + 1) of a batch.
    """
    hits, gain = HitRate(), DiscountedGain()
    for indices in torch.split(torch.arange(len(test)), BATCH):
        batch = test.batch(indices)
        found = places(scores(batch), batch)
        hits.update(found)
        gain.update(found)
    return {"test/hr@10": float(hits.compute()), "test/ndcg@10": float(gain.compute())}


def last_items(batch: dict[str, Tensor]) -> Tensor:
    """(B,) the last item of each history."""
    return batch["items"].gather(1, batch["lengths"].unsqueeze(1) - 1).squeeze(1)
