"""Some paths beside those that were walked, and how errors grow with time."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.pictures import Line, Panel
from attnframe.plugin.exhibit import Exhibit, FirstExamples

MOST = 4
"""Paths that are drawn."""


class FirstPaths(Exhibit):
    """The first windows of the test pass seen from above, and the mean error of each place to come."""

    def __init__(self) -> None:
        self.first = FirstExamples(64)
        self.sums: Tensor | float = 0.0
        self.count = 0

    def update(self, batch: dict[str, Tensor], outputs: Tensor) -> None:
        self.first.update(batch, outputs)
        self.sums = self.sums + torch.linalg.vector_norm(outputs - batch["future"], dim=2).double().sum(0)
        self.count += len(outputs)

    def panels(self) -> list[Panel]:
        if self.first.kept is None:
            return []
        batch, told = self.first.kept
        chosen = range(0, len(told), -(-len(told) // MOST))
        found = [_path(batch["past"][at], batch["future"][at], told[at], at + 1) for at in chosen]
        errors = [float(f"{value:.4g}") for value in (torch.as_tensor(self.sums) / self.count).tolist()]
        shown = {"title": "Error by distance in time", "x_label": "frames ahead", "y_label": "distance"}
        line = Line("error", list(range(1, len(errors) + 1)), errors)
        return [*found, Panel("lines", {"series": [line], **shown})]


def _path(past: Tensor, future: Tensor, told: Tensor, number: int) -> Panel:
    groups = {name: _pairs(part) for name, part in (("seen", past), ("walked", future), ("told", told))}
    shown = {"title": f"Test window {number} from above", "x_label": "x from here", "y_label": "y from here"}
    return Panel("points", {"groups": groups, **shown})


def _pairs(places: Tensor) -> list[tuple[float, float]]:
    return [(float(f"{x:.4g}"), float(f"{y:.4g}")) for x, y in places.tolist()]
