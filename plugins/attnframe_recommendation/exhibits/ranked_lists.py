"""What users were recommended, and how far down what they took stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from attnframe.pictures import Line, Panel
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import Batch
from attnframe_recommendation.scores import masked

MOST = 6
"""Users that are shown, the first ones."""
LENGTH = 5
"""Items of a history and of a list that are shown."""
PLACES = 50
"""Places that the curve of hits goes to."""


class RankedLists(Exhibit):
    """Lists of the first test users, and the share of hits among the first k places for every k.

    Args:
        names: of the items, from number 1.
        scored: from a batch to scores (B, V + 1) of all items.
    """

    def __init__(self, names: Sequence[str], scored: Callable[[Batch], Tensor]) -> None:
        self.names, self.scored = names, scored
        self._first: tuple[Batch, list[float]] | None = None
        self._hits = torch.zeros(PLACES, dtype=torch.float64)
        self._users = 0

    def update(self, batch: Batch, outputs: Tensor) -> None:
        ranks = outputs[:, 0]
        within = ranks.unsqueeze(1) <= torch.arange(1, PLACES + 1, device=ranks.device)
        self._hits += within.sum(0).cpu()
        self._users += len(ranks)
        if self._first is None and "seen" in batch:
            self._first = {name: part[:MOST] for name, part in batch.items()}, ranks[:MOST].tolist()

    def panels(self) -> list[Panel]:
        if not self._users:
            return []
        line = Line("hits", list(range(1, PLACES + 1)), (self._hits / self._users).tolist())
        shown = {"title": "Hits among the first k places", "x_label": "k", "y_label": "share of users"}
        found = [Panel("lines", {"series": [line], **shown})]
        return found if self._first is None else [*found, self._lists(*self._first)]

    def _lists(self, batch: Batch, ranks: Sequence[float]) -> Panel:
        best = masked(self.scored(batch), batch["seen"]).topk(min(LENGTH, len(self.names))).indices.tolist()
        rows = [
            [self._named(items[:length][-LENGTH:]), self._named([target]), f"{rank:g}", self._named(listed)]
            for items, length, target, rank, listed in zip(
                batch["items"].tolist(), batch["lengths"].tolist(), batch["targets"].tolist(), ranks, best, strict=True
            )
        ]
        columns = [f"last {LENGTH} items", "took next", "its rank", f"first {LENGTH} of the list"]
        return Panel("table", {"columns": columns, "rows": rows, "title": "The first test users"})

    def _named(self, items: Sequence[int]) -> str:
        return " · ".join(self.names[item - 1] for item in items)
