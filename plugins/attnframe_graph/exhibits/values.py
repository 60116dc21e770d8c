"""Predicted values beside true ones."""

from __future__ import annotations

from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import Batch


class Values(Exhibit):
    """Each test graph as a point; all would lie on the line if every answer were right."""

    def __init__(self) -> None:
        self._pairs: list[tuple[float, float]] = []

    def update(self, batch: Batch, outputs: Tensor) -> None:
        self._pairs += zip(batch["values"].tolist(), outputs.tolist(), strict=True)

    def panels(self) -> list[Panel]:
        if not self._pairs:
            return []
        pairs = [[float(f"{value:.5g}") for value in pair] for pair in self._pairs]
        shown = {"title": "Answers beside true values", "x_label": "true", "y_label": "answer", "diagonal": True}
        return [Panel("points", {"groups": {"test graphs": pairs}, **shown})]
