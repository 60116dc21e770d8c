"""What the modules of classification have in common: loss, metrics and the form of a prediction."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torchmetrics import Metric
from torchmetrics.classification import MulticlassAccuracy, MulticlassF1Score

from attnframe.plugin.class_exhibit import ClassExhibit
from attnframe.plugin.contract import Facts
from attnframe.plugin.exhibit import Exhibit
from attnframe.plugin.task_module import Batch, TaskModule


class Classifier(TaskModule, ABC):
    """Base of modules whose outputs are logits (B, classes) and whose batches hold ``labels``: (B,) int64 indices, in
    training also (B, classes) shares.

    Args:
        facts: what the model knows of its data, ``classes`` (their names) among it.
        label_smoothing: share of the target spread over all classes in training, in [0, 1].
    """

    def __init__(self, facts: Facts, label_smoothing: float = 0.0) -> None:
        super().__init__(facts)
        self.label_smoothing = label_smoothing

    def row_names(self) -> dict[str, Sequence[str]]:
        """The classes, of a head that is called so."""
        heads = ("head.weight", "head.bias")
        classes = [f"class {name}" for name in self.facts["classes"]]
        return {name: classes for name, _ in self.named_parameters() if name in heads}

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean cross entropy in nats, targets smoothed in training, and the logits (B, classes)."""
        logits = self(batch)
        smoothing = self.label_smoothing if self.training else 0.0
        return F.cross_entropy(logits, batch["labels"], label_smoothing=smoothing), logits

    def metrics(self) -> dict[str, Metric]:
        """Accuracy (top 1) and macro F1, both from 0 to 1."""
        classes = len(self.facts["classes"])
        return {
            "accuracy": MulticlassAccuracy(classes, average="micro", validate_args=False),
            "f1": MulticlassF1Score(classes, average="macro", validate_args=False),
        }

    def update_metrics(self, metrics: dict[str, Metric], batch: Batch, outputs: Tensor) -> None:
        answers = outputs.argmax(1)
        for metric in metrics.values():
            metric.update(answers, batch["labels"])

    def exhibits(self) -> list[Exhibit]:
        """Confusion, scores of each class and calibration."""
        return [ClassExhibit(self.facts["classes"])]

    def record(self, name: str, shares: Sequence[float]) -> dict[str, Any]:
        """The prediction of one example: ``input``, ``label``, ``probability`` and ``probabilities`` (by class).

        Args:
            name: of the input. shares: probability of each class.
        """
        named = dict(zip(self.facts["classes"], shares, strict=True))
        label = max(named, key=named.__getitem__)
        return {"input": name, "label": label, "probability": named[label], "probabilities": named}

    @torch.no_grad()
    def records(
        self, inputs: Iterable[tuple[str, Any]], batch_size: int, batch_of: Callable[[list[Any]], dict[str, Tensor]]
    ) -> Iterator[dict[str, Any]]:
        """The predictions of inputs, some at a time; see `record`.

        Args:
            inputs: name and content of each.
            batch_size: how many are taken together.
            batch_of: makes a batch of contents, on any device; it needs no ``labels``.
        """
        self.eval()
        device = next(self.parameters()).device
        remaining = iter(inputs)
        while some := list(islice(remaining, batch_size)):
            batch = batch_of([content for _, content in some])
            logits = self({name: tensor.to(device) for name, tensor in batch.items()})
            for (name, _), shares in zip(some, logits.float().softmax(1).tolist(), strict=True):
                yield self.record(name, shares)
