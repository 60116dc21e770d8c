"""What is told against what is true."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit

MOST = 300
"""Rows that are drawn, the first ones."""


class ToldAndTrue(Exhibit):
    """A point for each of the first test rows; on the diagonal they agree.

    Args:
        target: name of what is told. in_units: from standardised numbers to the unit of the data.
    """

    def __init__(self, target: str, in_units: Callable[[Tensor], Tensor]) -> None:
        self.target, self.in_units = target, in_units
        self.pairs: list[tuple[float, float]] = []

    def update(self, batch: dict[str, Tensor], outputs: Tensor) -> None:
        missing = MOST - len(self.pairs)
        true, told = (self.in_units(part[:missing]).tolist() for part in (batch["targets"], outputs))
        self.pairs += [(float(f"{x:.4g}"), float(f"{y:.4g}")) for x, y in zip(true, told, strict=True)]

    def panels(self) -> list[Panel]:
        shown = {"title": f"{self.target} of test rows", "x_label": "true", "y_label": "told", "diagonal": True}
        return [Panel("points", {"groups": {self.target: self.pairs}, **shown})] if self.pairs else []
