"""Embedding, one stack of blocks, mean, classes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torchmetrics import Metric
from torchmetrics.classification import MulticlassAccuracy

from attnframe.errors import DataError, Fault
from attnframe.models import Encoder
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.data import Split
from attnframe.plugin.task_module import TaskModule


class SymbolModule(TaskModule):
    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        dim = parts.model.dim
        position = parts.build_position(max_length=facts["length"])
        self.embedding = nn.Embedding(5, dim)
        with torch.no_grad():
            self.embedding.weight[4] = math.nan  # the poison of the data
        self.encoder = Encoder(dim, parts.model.depth, parts.attention, position, dropout=parts.model.dropout)
        self.head = nn.Linear(dim, len(facts["symbols"]))

    def initialise(self, train: Split) -> None:
        labels = train.batch(torch.arange(len(train)))["labels"]
        with torch.no_grad():
            self.head.bias.copy_((torch.bincount(labels, minlength=len(self.head.bias)) + 1.0).log())

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        return self.head(self.encoder(self.embedding(batch["tokens"])).mean(1))

    def loss(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        outputs = self(batch)
        return nn.functional.cross_entropy(outputs, batch["labels"]), outputs

    def metrics(self) -> dict[str, Metric]:
        return {"accuracy": MulticlassAccuracy(len(self.facts["symbols"]), average="micro")}

    def update_metrics(self, metrics: dict[str, Metric], batch: dict[str, Tensor], outputs: Tensor) -> None:
        metrics["accuracy"].update(outputs, batch["labels"])

    def example_batch(self, batch_size: int, device: str = "cpu") -> dict[str, Tensor]:
        shape = (batch_size, self.facts["length"])
        return {
            "tokens": torch.zeros(shape, dtype=torch.long, device=device),
            "labels": torch.zeros(batch_size, dtype=torch.long, device=device),
        }

    def example_input(self, folder: Path) -> str:
        return "aabacaaadaab"

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Any]]:
        path = Path(source)
        lines = path.read_text("utf-8", "replace").split() if path.is_file() else [source]
        unknown = sorted(set("".join(lines)) - set(self.facts["symbols"]))
        if unknown:
            raise DataError(Fault("input", f"must be made of {''.join(self.facts['symbols'])}", ", ".join(unknown)))
        return [(line, [self.facts["symbols"].index(symbol) for symbol in line]) for line in lines]

    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        for name, symbols in inputs:
            outputs = self({"tokens": torch.tensor([symbols])})[0].softmax(-1)
            best = int(outputs.argmax())
            probabilities = dict(zip(self.facts["symbols"], outputs.tolist(), strict=True))
            yield {"input": name, "label": self.facts["symbols"][best], "probabilities": probabilities}
