"""What every classifier does alike: loss, metrics and the form of a prediction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import PredictRecipe

LOGITS = torch.tensor([[2.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 3.0, 0.0]])
BATCH = {"logits": LOGITS, "labels": torch.tensor([0, 1, 2])}


class Handed(Classifier):
    """Its logits are those of the batch."""

    def forward(self, batch: Any) -> Tensor:
        logits: Tensor = batch["logits"]
        return logits

    def example_batch(self, batch_size: int, device: str = "cpu") -> Any:
        return {name: value[:batch_size].to(device) for name, value in BATCH.items()}

    def example_input(self, folder: Path) -> str:
        return str(folder)

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Any]]:
        return [(source, LOGITS)]

    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        return (self.record(name, logits.softmax(1)[0].tolist()) for name, logits in inputs)


FACTS = {"classes": ["cat", "dog", "eel"]}


def test_targets_are_smoothed_in_training_only() -> None:
    module = Handed(FACTS, label_smoothing=0.3)
    plain, smooth = (F.cross_entropy(LOGITS, BATCH["labels"], label_smoothing=share) for share in (0.0, 0.3))
    assert module.train().loss(BATCH)[0] == smooth
    assert module.eval().loss(BATCH)[0] == plain != smooth


def test_shares_are_targets_too() -> None:
    mixed = {**BATCH, "labels": F.one_hot(BATCH["labels"], 3).float()}
    module = Handed(FACTS).eval()
    torch.testing.assert_close(module.loss(mixed)[0], module.loss(BATCH)[0])


def test_accuracy_counts_examples_and_f1_classes() -> None:
    module = Handed(FACTS)
    metrics = module.metrics()
    module.update_metrics(metrics, BATCH, LOGITS)
    assert metrics["accuracy"].compute() == pytest.approx(2 / 3)
    assert metrics["f1"].compute() == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_a_record_names_the_likeliest_class() -> None:
    (record,) = Handed(FACTS).predict([("a", LOGITS)], PredictRecipe())
    assert list(record) == ["input", "label", "probability", "probabilities"]
    assert (record["input"], record["label"]) == ("a", "cat")
    assert record["probability"] == record["probabilities"]["cat"] == max(record["probabilities"].values())


def test_records_are_made_some_at_a_time_in_evaluation_and_without_gradients() -> None:
    classifier = Handed({"classes": ["a", "b", "c"]})
    classifier.register_parameter("place", torch.nn.Parameter(torch.zeros(1)))
    classifier.train()
    sizes: list[int] = []

    def batch_of(contents: list[Any]) -> dict[str, Tensor]:
        sizes.append(len(contents))
        assert not torch.is_grad_enabled()
        return {"logits": torch.stack(contents)}

    records = list(classifier.records(zip("xyz", LOGITS, strict=True), 2, batch_of))
    assert sizes == [2, 1]
    assert not classifier.training
    assert [record["label"] for record in records] == ["a", "b", "b"]
    assert records[2]["probabilities"] == pytest.approx(dict(zip("abc", LOGITS[2].softmax(0).tolist(), strict=True)))
