"""Whether predicted chances come true."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.class_scores import ClassScores
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import Batch


class Chances(Exhibit):
    """Confusion at a chance of a half, calibration and scores, of logits (B,)."""

    def __init__(self) -> None:
        self.scores = ClassScores(["does not happen", "happens"], "events")

    def update(self, batch: Batch, outputs: Tensor) -> None:
        chance = outputs.sigmoid()
        self.scores.update(torch.stack([1 - chance, chance], 1), batch["labels"].long())

    def panels(self) -> list[Panel]:
        return self.scores.panels()
