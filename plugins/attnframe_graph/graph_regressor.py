"""The module of the task `graph_regression`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torchmetrics import MeanAbsoluteError, MeanSquaredError, Metric

from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch
from attnframe_graph.exhibits.values import Values
from attnframe_graph.explaining.wholes import MeasuredGraph
from attnframe_graph.graph_encoder import GraphEncoder, example_graphs
from attnframe_graph.graph_inputs import batches_of
from attnframe_graph.whole_graphs import WholeGraphs


class GraphRegressor(WholeGraphs):
    """A value for each graph. A batch is that of `GraphEncoder`, after ``"values": (B,)`` float32 in the data's unit.

    Args:
        parts: attention, position and model recipes.
        facts: of `facts_of`; its ``mean`` and ``deviation`` of the training values scale what the head gives.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        super().__init__(facts)
        self.encoder = GraphEncoder(parts, facts, 1)

    def forward(self, batch: Batch) -> Tensor:
        """Values (B,) in the data's unit."""
        scaled: Tensor = self.encoder(batch).squeeze(1)
        return scaled * float(self.facts["deviation"]) + float(self.facts["mean"])

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean squared error over the variance of the training values, and the values (B,)."""
        values = self(batch)
        return F.mse_loss(values, batch["values"]) / self.facts["deviation"] ** 2, values

    def metrics(self) -> dict[str, Metric]:
        """Root mean squared error and mean absolute error, in the data's unit."""
        return {"rmse": MeanSquaredError(squared=False), "mae": MeanAbsoluteError()}

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        for metric in metrics.values():
            metric.update(outputs, batch["values"])

    def exhibits(self) -> list[Exhibit]:
        """Answers beside true values."""
        return [Values()]

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        """Rings of three nodes."""
        return {
            "values": torch.zeros(batch_size, device=device),
            **example_graphs(self.facts, batch_size, device),
        }

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input`` (the graph) and ``value`` of each graph."""
        self.eval()
        device = next(self.parameters()).device
        for names, batch in batches_of(inputs, self.facts, options.batch_size, device):
            for name, value in zip(names, self(batch).tolist(), strict=True):
                yield {"input": name, "value": value}

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each graph with its value."""
        device = next(self.parameters()).device
        for (name,), batch in batches_of(inputs, self.facts, 1, device):
            yield name, partial(MeasuredGraph, name, self, batch)
