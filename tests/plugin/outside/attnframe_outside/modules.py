"""The modules: an embedding, the shared encoder and a linear head."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torchmetrics import MeanMetric, Metric

from attnframe.errors import DataError, Fault
from attnframe.models import Encoder
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.task_module import TaskModule
from attnframe_outside.plugin import BagModel, MajorityModel, NextModel


class SymbolModule(TaskModule):
    """Base: sequences of symbols to scores."""

    def __init__(self, parts: Parts, facts: Facts, *, causal: bool, outputs: int) -> None:
        super().__init__(facts)
        dim = parts.model.dim
        position = parts.build_position(max_length=facts["length"], causal=causal)
        self.embedding = nn.Embedding(facts["symbols"], dim)
        self.encoder = Encoder(dim, parts.model.depth, parts.attention, position, causal=causal)
        self.head = nn.Linear(dim, outputs)

    @abstractmethod
    def targets(self, symbols: Tensor) -> Tensor:
        """What is to be said of sequences (B, T)."""

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        return self.head(self.encoder(self.embedding(batch["symbols"])))

    def loss(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        outputs = self.forward(batch)
        targets = self.targets(batch["symbols"])
        return nn.functional.cross_entropy(outputs.flatten(0, -2), targets.flatten()), outputs

    def metrics(self) -> dict[str, Metric]:
        return {"accuracy": MeanMetric()}

    def update_metrics(self, metrics: dict[str, Metric], batch: dict[str, Tensor], outputs: Tensor) -> None:
        metrics["accuracy"].update((outputs.argmax(-1) == self.targets(batch["symbols"])).float())

    def example_batch(self, batch_size: int, device: str = "cpu") -> dict[str, Tensor]:
        return {"symbols": torch.zeros(batch_size, self.facts["length"], dtype=torch.long, device=device)}

    def example_input(self, folder: Path) -> str:
        return "0" * self.facts["length"]

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Any]]:
        if len(source) != self.facts["length"] or set(source) - set("012"):
            raise DataError(Fault("input", f"must be {self.facts['length']} symbols of 0, 1 and 2", repr(source)))
        return [(source, [int(symbol) for symbol in source])]

    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        device = self.head.weight.device
        for name, symbols in inputs:
            outputs = self({"symbols": torch.tensor([symbols], device=device)}).softmax(-1)
            yield {"input": name, "probabilities": outputs[0].flatten().tolist()}


class Majority(SymbolModule):
    """One answer for a sequence, from the mean of its vectors."""

    def __init__(self, parts: Parts, facts: Facts) -> None:
        assert isinstance(parts.model, MajorityModel)
        super().__init__(parts, facts, causal=False, outputs=parts.model.classes)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        return super().forward(batch).mean(1)

    def targets(self, symbols: Tensor) -> Tensor:
        return nn.functional.one_hot(symbols, 3).sum(1).argmax(-1)


class Bag(Majority):
    """The mean of the symbols' vectors."""

    def __init__(self, parts: Parts, facts: Facts) -> None:
        assert isinstance(parts.model, BagModel)
        SymbolModule.__init__(self, parts, facts, causal=False, outputs=parts.model.classes)
        self.encoder = nn.Identity()
        nn.init.normal_(self.embedding.weight, std=parts.model.spread)


class NextSymbol(SymbolModule):
    """One answer for each place; the last places, whose answer lies outside, repeat the last symbol."""

    def __init__(self, parts: Parts, facts: Facts) -> None:
        assert isinstance(parts.model, NextModel)
        super().__init__(parts, facts, causal=True, outputs=3)
        self.horizon = parts.model.horizon

    def targets(self, symbols: Tensor) -> Tensor:
        tail = symbols[:, -1:].expand(-1, self.horizon)
        return torch.cat([symbols[:, self.horizon :], tail], 1)
