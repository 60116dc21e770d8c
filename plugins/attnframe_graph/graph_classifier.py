"""The module of the task `graph_classification`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torchmetrics import Metric
from torchmetrics.classification import BinaryAUROC

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch
from attnframe_graph.explaining.wholes import LabelledGraph
from attnframe_graph.graph_encoder import GraphEncoder, example_graphs
from attnframe_graph.graph_inputs import batches_of
from attnframe_graph.recipes.model import Classifying
from attnframe_graph.whole_graphs import WholeGraphs


class GraphClassifier(WholeGraphs, Classifier):
    """A class for each graph. A batch is that of `GraphEncoder`, after ``"labels": (B,)`` int64.

    Args:
        parts: attention, position and model recipes, the last `Classifying`.
        facts: of `facts_of`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        if not isinstance(parts.model, Classifying):
            raise ConfigurationError(Fault("model", "must be a model of classes", type(parts.model).__name__))
        super().__init__(facts, parts.model.label_smoothing)
        self.encoder = GraphEncoder(parts, facts, len(facts["classes"]))

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, classes)."""
        logits: Tensor = self.encoder(batch)
        return logits

    def metrics(self) -> dict[str, Metric]:
        """Accuracy and macro F1; of two classes, also the area under the curve of the second one."""
        found = super().metrics()
        if len(self.facts["classes"]) == 2:
            found["auc"] = BinaryAUROC(validate_args=False)
        return found

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        ranked = {name: metric for name, metric in metrics.items() if name == "auc"}
        super().update_metrics({name: metrics[name] for name in metrics if name not in ranked}, batch, outputs)
        for metric in ranked.values():
            metric.update(outputs.softmax(1)[:, 1], batch["labels"])

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        """Rings of three nodes."""
        labels = torch.zeros(batch_size, dtype=torch.int64, device=device)
        return {"labels": labels, **example_graphs(self.facts, batch_size, device)}

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input`` (the graph), ``label``, ``probability`` and ``probabilities`` (by class) of each graph."""
        self.eval()
        device = next(self.parameters()).device
        for names, batch in batches_of(inputs, self.facts, options.batch_size, device):
            for name, shares in zip(names, self(batch).float().softmax(1).tolist(), strict=True):
                yield self.record(name, shares)

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each graph with its class."""
        device = next(self.parameters()).device
        for (name,), batch in batches_of(inputs, self.facts, 1, device):
            yield name, partial(LabelledGraph, name, self, batch)
