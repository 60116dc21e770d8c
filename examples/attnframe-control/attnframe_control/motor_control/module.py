"""The module of the task `motor_control`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchmetrics import MeanAbsoluteError, MeanSquaredError, Metric

from attnframe.bridges import MeanPooling
from attnframe.models import Encoder
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.tables import read_numbers
from attnframe.plugin.task_module import TaskModule
from attnframe_control.motor_control.exhibits import ToldAndTrue
from attnframe_control.motor_control.explaining import ToldNumber
from attnframe_control.motor_control.tokens import NumberTokens

DIGITS = 7
"""Digits of a number that are written: what float32 holds."""


class Motor(TaskModule):
    """A token a number, blocks of attention, their mean and a linear head. A batch is that of `MotorModule`.

    Args:
        parts: attention, position and model recipes. facts: of `MotorModule`.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        model = parts.model
        count = len(facts["features"])
        position = parts.build_position(max_length=count)
        ratio = getattr(model, "mlp_ratio", 4.0)
        self.tokens = NumberTokens(count, model.dim)
        self.encoder = Encoder(
            model.dim, model.depth, parts.attention, position, mlp_ratio=ratio, dropout=model.dropout
        )
        self.pooling = MeanPooling()
        self.head = nn.Linear(model.dim, 1)
        for name in ("mean", "std"):
            self.register_buffer(name, torch.tensor(facts[name], dtype=torch.float64), persistent=False)  # (F,)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """What is told (B,), standardised."""
        told: Tensor = self.head(self.pooling(self.encoder(self.tokens(batch["inputs"]))))
        return told.squeeze(1)

    def loss(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Mean squared error of standardised numbers, and what is told (B,)."""
        told = self(batch)
        return F.mse_loss(told, batch["targets"]), told

    def in_units(self, told: Tensor) -> Tensor:
        """Standardised numbers in the unit of the data."""
        scaled: Tensor = told * self.facts["target_std"] + self.facts["target_mean"]
        return scaled

    def metrics(self) -> dict[str, Metric]:
        """``rmse`` and ``mae`` in the unit of the data."""
        return {"rmse": MeanSquaredError(squared=False), "mae": MeanAbsoluteError()}

    def update_metrics(self, metrics: dict[str, Metric], batch: dict[str, Tensor], outputs: Tensor) -> None:
        for metric in metrics.values():
            metric.update(self.in_units(outputs), self.in_units(batch["targets"]))

    def exhibits(self) -> list[Exhibit]:
        """What is told against what is true."""
        return [ToldAndTrue(self.facts["target"], self.in_units)]

    def example_batch(self, batch_size: int, device: str = "cpu") -> dict[str, Tensor]:
        inputs = torch.zeros(batch_size, len(self.facts["features"]), device=device)
        return {"inputs": inputs, "targets": inputs[:, 0]}

    def example_input(self, folder: Path) -> str:
        """A table of two rows."""
        rows = [self.facts["features"], self.facts["mean"], self.facts["std"]]
        path = folder / "rows.csv"
        path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
        return str(path)

    def read_inputs(self, source: str, options: PredictRecipe) -> list[tuple[str, Tensor]]:
        """Each row of a CSV file with the columns of the features; others are passed over.

        Raises:
            DataError: with everything that is wrong with the file.
        """
        rows = torch.from_numpy(read_numbers(source, self.facts["features"], key="input"))
        return [(f"{source}, row {number}", row) for number, row in enumerate(rows, start=1)]

    def standardised(self, rows: list[Any]) -> Tensor:
        """(n, F) of rows (F,) in the units of the data."""
        given = torch.stack([torch.as_tensor(row, dtype=torch.float64) for row in rows]).to(self.mean.device)
        return ((given - self.mean) / self.std).float()

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input`` and the target by its name, in the unit of the data."""
        self.eval()
        remaining = iter(inputs)
        while some := list(islice(remaining, options.batch_size)):
            told = self.in_units(self({"inputs": self.standardised([row for _, row in some])}).double())
            for (name, _), value in zip(some, told.tolist(), strict=True):
                yield {"input": name, self.facts["target"]: float(f"{value:.{DIGITS}g}")}

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each row with what is told of it."""
        for name, row in inputs:
            yield name, partial(ToldNumber, name, self, np.asarray(row, dtype=np.float64))
