"""Pictures whose wrong label the model was surest of."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import Batch

MOST = 12
"""Pictures that are shown."""


class Mistakes(Exhibit):
    """The surest of the wrong answers.

    Args:
        classes: their names.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self.classes = classes
        self._kept: list[tuple[float, Tensor, int, int]] = []

    def update(self, batch: Batch, outputs: Tensor) -> None:
        sure, answers = outputs.softmax(1).max(1)
        wrong = sure.masked_fill(answers == batch["labels"], -1.0)
        most, at = wrong.topk(min(MOST, len(wrong)))
        found = [
            (
                share,
                batch["pictures"][number].to("cpu", torch.uint8),
                int(batch["labels"][number]),
                int(answers[number]),
            )
            for share, number in zip(most.tolist(), at.tolist(), strict=True)
            if share >= 0
        ]
        self._kept = sorted([*self._kept, *found], key=lambda one: -one[0])[:MOST]

    def panels(self) -> list[Panel]:
        if not self._kept:
            return []
        arrays = [picture.permute(1, 2, 0).squeeze(2).numpy() for _, picture, _, _ in self._kept]
        names = [
            [f"is {self.classes[true]}", f"said {self.classes[answer]}", f"{share:.0%} sure"]
            for share, _, true, answer in self._kept
        ]
        return [Panel("thumbnails", {"arrays": arrays, "names": names, "title": "The surest mistakes"})]
