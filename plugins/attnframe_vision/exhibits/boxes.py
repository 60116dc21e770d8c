"""Pictures with the boxes that are there and those that were found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from attnframe.pictures import Box, Panel
from attnframe.plugin.exhibit import Exhibit, FirstExamples
from attnframe.plugin.task_module import Batch
from attnframe_vision.detection.metrics import Found, Objects

MOST = 6
"""Pictures that are shown, the first ones."""
LEAST_SCORE = 0.3
"""Score from which on a box is shown."""


class Boxes(Exhibit):
    """The first pictures: what is there dashed, what was found with label and score.

    Args:
        classes: their names.
        found: from outputs (B, Q, classes + 4) to the boxes of each picture.
    """

    def __init__(self, classes: Sequence[str], found: Callable[[Tensor], list[Found]]) -> None:
        self.classes, self.found = classes, found
        self._first = FirstExamples(MOST)

    def update(self, batch: Batch, outputs: Tensor) -> None:
        self._first.update(batch, outputs)

    def panels(self) -> list[Panel]:
        if self._first.kept is None:
            return []
        batch, outputs = self._first.kept
        pictures = batch["pictures"].to("cpu", torch.uint8).permute(0, 2, 3, 1).numpy()
        rows = zip(pictures, Objects.of(batch), self.found(outputs), strict=True)
        return [
            Panel("image", {"array": picture, "title": f"Test picture {number}: there (dashed), found", "boxes": boxes})
            for number, picture, boxes in (
                (number, picture, [*self._there(there), *self._seen(found)])
                for number, (picture, there, found) in enumerate(rows, 1)
            )
        ]

    def _there(self, there: Objects) -> list[Box]:
        return [
            Box(left, top, right, bottom, series=1, dashed=True) for left, top, right, bottom in there.boxes.tolist()
        ]

    def _seen(self, found: Found) -> list[Box]:
        rows = zip(found.boxes.tolist(), found.scores.tolist(), found.labels.tolist(), strict=True)
        return [
            Box(left, top, right, bottom, f"{self.classes[label]} {score:.2f}")
            for (left, top, right, bottom), score, label in rows
            if score >= LEAST_SCORE
        ]
