"""The label of a sequence, explained by its tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.explanation.subjects.labelled_tokens import LabelledTokens
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import PredictRecipe
from attnframe.plugin.subject import Maps

TOKENS = torch.tensor([4, 3, 2])


class Counter(Classifier):
    """The more of token 3, the more likely is ``many``."""

    def __init__(self) -> None:
        super().__init__({"classes": ["few", "many"]})
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, batch: Any) -> Tensor:
        count = (batch["tokens"] == 3).sum(1) * self.weight
        return torch.stack([torch.zeros_like(count), 2 * count], 1)

    def example_batch(self, batch_size: int, device: str = "cpu") -> Any:
        return {"tokens": torch.zeros(batch_size, 3, dtype=torch.int64, device=device)}

    def example_input(self, folder: Path) -> str:
        return "cba"

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Any]]:
        return [(source, TOKENS)]

    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        return self.records(inputs, 8, lambda some: {"tokens": torch.stack(some)})


class Second(Maps):
    """Everything is read from the second token, by the encoder that is asked for."""

    def through(self, prefix: str, *, residual: bool = True) -> Tensor:
        assert prefix == "reader."
        return torch.tensor([0.0, 1.0, 0.0]).expand(1, 3, 3)

    def across(self, name: str) -> Tensor:
        raise AssertionError


def test_the_label_is_explained_by_its_tokens() -> None:
    subject = LabelledTokens("one", Counter(), ["c", "b", "a"], TOKENS, unknown=1, encoder="reader")
    assert subject.answer == "The model says many (88.1%), then few (11.9%)."
    assert subject.plain() == {"label": "many", "probability": pytest.approx(0.8808, abs=1e-4)}
    assert subject.score == "log-probability of many"
    assert subject.relevance(Second()).tolist() == [0, 1, 0]


def test_deleted_tokens_become_unknown_ones() -> None:
    subject = LabelledTokens("one", Counter(), ["c", "b", "a"], TOKENS, unknown=1)
    whole, without, rest = subject.scores(torch.tensor([[True] * 3, [True, False, True], [False, True, False]])).exp()
    assert whole.item() == pytest.approx(0.8808, abs=1e-4)
    assert without.item() == pytest.approx(0.5)
    assert rest == whole
    assert subject.deletion == "replaced by token 1"
