"""What a report shows of any classification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.class_scores import ClassScores
from attnframe.plugin.exhibit import Exhibit


class ClassExhibit(Exhibit):
    """Confusion, scores of each class and calibration of outputs that are logits (B, classes).

    Args:
        classes: their names.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self.scores = ClassScores(classes)

    def update(self, batch: Any, outputs: Tensor) -> None:
        self.scores.update(outputs.softmax(1), batch["labels"])

    def panels(self) -> list[Panel]:
        return self.scores.panels()
