"""Pictures whose wrong label the model was surest of."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit, SurestMistakes
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
        self._surest = SurestMistakes(MOST)

    def update(self, batch: Batch, outputs: Tensor) -> None:
        self._surest.update(batch["pictures"], batch["labels"], outputs)

    def panels(self) -> list[Panel]:
        if not self._surest.kept:
            return []
        arrays = [one.example.to(torch.uint8).permute(1, 2, 0).squeeze(2).numpy() for one in self._surest.kept]
        names = [
            [f"is {self.classes[true]}", f"said {self.classes[answer]}", f"{share:.0%} sure"]
            for share, _, true, answer in self._surest.kept
        ]
        return [Panel("thumbnails", {"arrays": arrays, "names": names, "title": "The surest mistakes"})]
