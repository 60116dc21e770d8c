"""The module of the task `trajectory_prediction`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torchmetrics import MeanMetric, Metric

from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import TaskModule
from attnframe_control.trajectory_prediction.exhibits import FirstPaths
from attnframe_control.trajectory_prediction.explaining import ToldPath
from attnframe_control.trajectory_prediction.inputs import Walk, read_walks, write_example
from attnframe_control.trajectory_prediction.network import WalkNetwork
from attnframe_control.trajectory_prediction.pictures import save_paths

DIGITS = 7
"""Digits of a coordinate that are written."""


class Walker(TaskModule):
    """`WalkNetwork` with displacement errors. A batch is that of `WalkModule`.

    Args:
        parts: attention, position and model recipes. facts: of `WalkModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        self.network = WalkNetwork(parts, facts["observed"], facts["horizon"])

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """Places (B, H, 2), counted from the last one that was seen."""
        told: Tensor = self.network(batch["past"])
        return told

    def loss(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Mean displacement error, and what is told (B, H, 2)."""
        told = self(batch)
        return errors(told, batch).mean(), told

    def metrics(self) -> dict[str, Metric]:
        """``ade`` and ``fde``: mean distance from the true place, over all places and at the last one, in the unit of
        the data."""
        return {"ade": MeanMetric(), "fde": MeanMetric()}

    def update_metrics(self, metrics: dict[str, Metric], batch: dict[str, Tensor], outputs: Tensor) -> None:
        found = errors(outputs, batch)
        metrics["ade"].update(found)
        metrics["fde"].update(found[:, -1])

    def exhibits(self) -> list[Exhibit]:
        """Some paths, and how errors grow with time."""
        return [FirstPaths()]

    def example_batch(self, batch_size: int, device: str = "cpu") -> dict[str, Tensor]:
        sizes = {"past": self.facts["observed"], "future": self.facts["horizon"]}
        return {name: torch.zeros(batch_size, places, 2, device=device) for name, places in sizes.items()}

    def example_input(self, folder: Path) -> str:
        """Tracks of two people, one of whom stands."""
        return str(write_example(folder / "tracks.csv", self.facts["observed"]))

    def read_inputs(self, source: str, options: PredictRecipe) -> list[tuple[str, Walk]]:
        """Where each person of a file of tracks was last.

        Raises:
            DataError: with everything that is wrong with the file.
        """
        return read_walks(source, self.facts["observed"])

    def seen(self, walk: Walk) -> Tensor:
        """(1, O, 2), counted from the last place."""
        relative = torch.from_numpy((walk.places - walk.places[-1]).astype(np.float32))
        return relative.unsqueeze(0).to(self.network.head.weight.device)

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input``, ``frame``, ``x`` and ``y`` of each place that follows, in the unit of the data."""
        self.eval()
        for name, walk in inputs:
            told = self({"past": self.seen(walk)})[0].double().cpu().numpy() + walk.places[-1]
            for number, place in enumerate(told.tolist(), start=1):
                x, y = (float(f"{value:.{DIGITS}g}") for value in place)
                yield {"input": name, "frame": walk.last + number * walk.step, "x": x, "y": y}

    def save_pictures(self, records: list[dict[str, Any]], folder: Path) -> list[Path]:
        """One picture from above: where everyone was, and walks next."""
        return save_paths(records, self.facts["observed"], folder)

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each person with the path that is told."""
        for name, walk in inputs:
            yield name, partial(ToldPath, name, self, walk)


def errors(told: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Distances (B, H) from the true places."""
    found: Tensor = torch.linalg.vector_norm(told - batch["future"], dim=2)
    return found
